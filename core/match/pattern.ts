import { RE2JS } from "re2js";
import type { TextMatcher } from "./wildcard.ts";

export type PatternResult = { ok: true; matches: TextMatcher } | { ok: false; reason: string };

/** Compiles an RE2 expression: found anywhere in the value, ASCII and Unicode case ignored, linear time. */
export function compilePattern(expression: string): PatternResult {
  try {
    const compiled = RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE);
    return { ok: true, matches: (text) => compiled.matcher(text).find() };
  } catch (error) {
    return { ok: false, reason: `${reasonOf(error)}; RE2 has no look-around and no back-references` };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
