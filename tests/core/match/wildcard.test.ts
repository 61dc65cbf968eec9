import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldAscii } from "#core/match/ascii-fold.ts";
import { compileWildcards } from "#core/match/list-matcher.ts";
import { compileWildcard } from "#core/match/wildcard.ts";

describe("wildcard", () => {
  it.each([
    ["*.exe", "invoice.exe", true],
    ["*.exe", "invoice.exe.txt", false],
    ["*.EXE", "invoice.exe", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["*", "", true],
    ["", "", true],
    ["", "x", false],
    ["*in?oice*.p?f", "my-invoice-2.pdf", true],
    ["*a*b*c", "xaxbxc", true],
    ["*a*b*c", "xbxaxc", false],
    ["?*?", "ab", true],
    ["?*?", "a", false],
  ])("%j on %j is %s", (pattern, text, expected) => {
    expect(compileWildcard(pattern)(text)).toBe(expected);
  });

  it("agrees with the plain definition on any pattern and text", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 10 });
    fc.assert(
      fc.property(word, text, (pattern, value) => {
        expect(compileWildcard(pattern)(value)).toBe(byDefinition(pattern, value));
        expect(compileWildcards([pattern, "zz"])(value)).toBe(byDefinition(pattern, value));
      }),
      { numRuns: 2000 },
    );
  });

  it("stays quick on patterns that make backtracking matchers explode", () => {
    const matches = compileWildcard(`${"a*".repeat(200)}b`);
    const start = performance.now();
    expect(matches("a".repeat(100_000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it("folds ASCII letters only, so that look-alikes stay different", () => {
    expect(foldAscii("ExaMPLE")).toBe("example");
    expect(foldAscii("\u0130\u017f\uff0e\u212a")).toBe("\u0130\u017f\uff0e\u212a");
  });
});

function byDefinition(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text === "";
  const tail = rest.join("");
  if (first === "*") return byDefinition(tail, text) || (text !== "" && byDefinition(pattern, text.slice(1)));
  return text !== "" && (first === "?" || first === text[0]) && byDefinition(tail, text.slice(1));
}
