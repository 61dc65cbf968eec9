import { RE2JS } from "re2js";
import { foldAscii } from "./ascii-fold.ts";
import { unsupportedSyntax } from "./pattern-explained.ts";
import type { PatternMatch } from "./pattern-search.ts";
import type { TextMatcher } from "./wildcard.ts";

export type PatternResult = { ok: true; matches: TextMatcher } | { ok: false; reason: string };

/** Compiles an RE2 expression: found anywhere in the value, ASCII and Unicode case ignored, linear time. */
export function compilePattern(expression: string): PatternResult {
  try {
    const compiled = RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE);
    return { ok: true, matches: (text) => compiled.test(text) };
  } catch (error) {
    return { ok: false, reason: reasonOf(error, expression) };
  }
}

/** Where compilePattern's expression is found in a value, in order, `matchesMax` times at most; empty matches too. Null: it is none. */
export function findPattern(expression: string, text: string, matchesMax: number): PatternMatch[] | null {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE);
  } catch {
    return null;
  }
  // Rules test the folded reading.
  const matcher = compiled.matcher(foldAscii(text));
  const found: PatternMatch[] = [];
  while (found.length < matchesMax && matcher.find()) found.push({ start: matcher.start(), end: matcher.end() });
  return found;
}

/** The groups of a whole value that matched, the first one at 0; null: it does not match as a whole. A group without a part is empty. */
export type WholeMatcher = (text: string) => string[] | null;

export type WholePatternResult = { ok: true; groupCount: number; groups: WholeMatcher } | { ok: false; reason: string };

/** Compiles an RE2 expression that must match the whole value, case ignored, linear time. */
export function compileWholePattern(expression: string): WholePatternResult {
  try {
    const compiled = RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE);
    const groupCount = compiled.groupCount();
    const groups: WholeMatcher = (text) => {
      const matcher = compiled.matcher(text);
      if (!matcher.matches()) return null;
      return Array.from({ length: groupCount }, (_, index) => matcher.group(index + 1) ?? "");
    };
    return { ok: true, groupCount, groups };
  } catch (error) {
    return { ok: false, reason: reasonOf(error, expression) };
  }
}

/** Why an expression is none of RE2's. */
export function reasonOf(error: unknown, expression: string): string {
  const message = error instanceof Error ? error.message : String(error);
  return unsupportedSyntax(expression) ?? `${message}; RE2 has no look-around and no back-references`;
}
