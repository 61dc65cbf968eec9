import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern, findPattern } from "#core/match/pattern.ts";
import { unsupportedSyntax } from "#core/match/pattern-explained.ts";

describe("a pattern", () => {
  it("is found where a rule would find it, whatever the case", () => {
    expect(findPattern("inv[oa]ice", "An INVOICE, an invaice", 10)).toEqual([
      { start: 3, end: 10 },
      { start: 15, end: 22 },
    ]);
    expect(findPattern("^$", "", 10)).toEqual([{ start: 0, end: 0 }]);
    expect(findPattern("x*", "ab", 2)).toHaveLength(2);
    expect(findPattern("(", "ab", 2)).toBeNull();
  });

  it("is found in a text exactly when the rule's test says that it matches", () => {
    const pattern = fc.constantFrom("^a.*$", "\\d+", "(?i)x|y", "[A-Z]", "(?-i:A)", "ä+", "\\bb");
    fc.assert(
      fc.property(pattern, fc.string({ unit: "grapheme" }), (expression, text) => {
        const compiled = compilePattern(expression);
        const folded = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
        expect(findPattern(expression, text, 1)?.length === 1).toBe(compiled.ok && compiled.matches(folded));
      }),
    );
  });
});

describe("what RE2 does not have is named with its place", () => {
  it.each([
    ["a(?=b)", "look-ahead (?=…), at character 2"],
    ["(?<!a)b", "negative look-behind"],
    ["(a)\\1", "a back-reference \\1, at character 4"],
    ["a*+", "a possessive quantifier *+, at character 2"],
    ["(?>a)", "an atomic group"],
  ])("%s: %s", (expression, words) => {
    expect(unsupportedSyntax(expression)).toContain(words);
    expect(compilePattern(expression).ok).toBe(false);
  });

  it.each(["[(?=]", "\\(?=", "[]*+]", "\\++", "(?P<a>b)", "(?:a)", "(?i)a"])("and %s is not", (expression) => {
    expect(unsupportedSyntax(expression)).toBeNull();
    expect(compilePattern(expression).ok).toBe(true);
  });
});
