import { describe, expect, it } from "vitest";
import { compilePatternSearch, patternMatchCharactersMax } from "#core/match/pattern-search.ts";
import { expectLinearTime } from "../../support/linear-time.ts";

const search = (expression: string, text: string, matchesMax = 1_000, caseSensitive = false) => {
  const compiled = compilePatternSearch(expression, caseSensitive);
  if (!compiled.ok) throw new Error(compiled.reason);
  return compiled.search(text, matchesMax).map(({ start, end }) => [start, end]);
};

describe("an expression that is looked for all over a text", () => {
  it("is found wherever it stands, in order and apart", () => {
    expect(search("a+b", "ab xaab AB")).toEqual([
      [0, 2],
      [4, 7],
      [8, 10],
    ]);
    expect(search("ab", "ab AB", 1_000, true)).toEqual([[0, 2]]);
  });

  it("is found at the borders of windows as anywhere else", () => {
    const around = (border: number) => Array.from({ length: 20 }, (_, n) => border - 10 + n);
    for (const at of [...around(patternMatchCharactersMax), 1_500, ...around(2 * patternMatchCharactersMax)]) {
      expect(search("\\bsecret\\b", `${" ".repeat(at)}secret x`)).toEqual([[at, at + 6]]);
    }
    expect(search("\\bsecret\\b", `${"x".repeat(patternMatchCharactersMax)}secret`)).toEqual([]);
    expect(search("\\d", "1".repeat(3_000), 5_000)).toHaveLength(3_000);
  });

  it("takes ^ and $ for the ends of lines, and not for those of windows", () => {
    expect(search("^b$", "a\nb\nc")).toEqual([[2, 3]]);
    expect(search("^x", "x".repeat(5_000))).toEqual([[0, 1]]);
    expect(search("x$", "x".repeat(5_000))).toEqual([[4_999, 5_000]]);
  });

  it("is cut where a match is too long", () => {
    expect(search("a+", "a".repeat(1_500))).toEqual([
      [0, 1_000],
      [1_000, 1_500],
    ]);
  });

  it("is found no oftener than asked for", () => {
    expect(search("a", "a".repeat(100), 3)).toHaveLength(3);
  });

  it("is refused when it is not RE2, matches nothing at all, or is too large", () => {
    for (const expression of ["(?<=a)b", "(a)\\1", "a*", "(", "((a{30}){30}){10}"]) {
      expect(compilePatternSearch(expression, false)).toMatchObject({ ok: false });
    }
  });

  it.each([
    ["a.*b|a", "a"],
    ["(x+x+)+y", "x"],
    ["\\w+@\\w+", "a "],
    ["\\b(a.*b)?", "a "],
  ])("takes linear time: %s on many %j", (expression, piece) => {
    const compiled = compilePatternSearch(expression.replace("?", "?c"), false);
    if (!compiled.ok) throw new Error(compiled.reason);
    expectLinearTime(
      (size) => piece.repeat(size / piece.length),
      (text) => compiled.search(text, 200),
    );
  });
});
