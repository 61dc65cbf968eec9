import { RE2JS } from "re2js";

/** Instructions of a compiled expression: each character of a text can cost as many steps. */
export const patternInstructionsMax = 1_000;
/** A match that is longer is cut here. Characters. */
export const patternMatchCharactersMax = 1_000;

export type PatternMatch = { start: number; end: number };
/** The matches in order and apart, `matchesMax` at most, with the empty ones that are passed over. */
export type PatternSearch = (text: string, matchesMax: number) => PatternMatch[];
export type PatternSearchResult = { ok: true; search: PatternSearch } | { ok: false; reason: string };

/**
 * Compiles an RE2 expression that is looked for all over a text; ^ and $ are the ends of its lines. Looking for the next match again
 * and again is quadratic where the beginning of one leads nowhere, so the text is taken in windows: a match begins in the first half
 * of one and ends in it, and only windows in which the (much faster) test finds something are searched.
 */
export function compilePatternSearch(expression: string, caseSensitive: boolean): PatternSearchResult {
  try {
    const compiled = RE2JS.compile(expression, RE2JS.MULTILINE | (caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE));
    const size = compiled.programSize();
    if (compiled.test("")) return { ok: false, reason: "the expression matches an empty text" };
    if (size > patternInstructionsMax) return { ok: false, reason: "the expression is too large; repeat less" };
    return { ok: true, search: (text, matchesMax) => search(compiled, text, matchesMax) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `${reason}; RE2 has no look-around and no back-references` };
  }
}

function search(compiled: RE2JS, text: string, matchesMax: number): PatternMatch[] {
  const matches: PatternMatch[] = [];
  if (!compiled.test(text)) return matches;
  const half = patternMatchCharactersMax;
  let from = 0;
  let tries = 0;
  for (let window = 0; window < text.length && tries < matchesMax; window += half) {
    // One character more before it, for \b and ^.
    const begin = Math.max(window - 1, 0);
    const part = text.slice(begin, window + 2 * half);
    if (from >= window + half || !compiled.test(part)) continue;
    const matcher = compiled.matcher(part);
    from = Math.max(from, window);
    while (from < window + half && tries < matchesMax && matcher.find(from - begin)) {
      const start = begin + matcher.start();
      const end = Math.min(begin + matcher.end(), start + half);
      if (start >= window + half) break;
      tries++;
      if (end > start) matches.push({ start, end });
      from = Math.max(end, start + 1);
    }
  }
  return matches;
}
