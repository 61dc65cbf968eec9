import { describe, expect, it } from "vitest";
import { rulesLines, sectionsOf } from "#components/rules/rule-sections.ts";
import type { RuleView } from "#lib/policies/queries.ts";

/** `a b:X c:X` are three rules, two of them in the section X. */
function views(text: string): RuleView[] {
  return text.split(" ").map((word) => {
    const [id = "", section] = word.split(":");
    const rule = { name: id, ...(section && { section }), state: "on", action: { kind: "deny" }, log: false } as const;
    return { id, version: 1, rule: { ...rule, alarm: false }, hits: null, countedSince: null, draft: "new" };
  });
}

/** The rows as text: a heading with its rules in brackets. */
function lines(text: string, folded: string[] = []): string {
  const shown = views(text);
  return rulesLines(shown, sectionsOf(shown), new Set(folded))
    .map((line) => ("section" in line ? `${line.section.name}[${line.section.ids.join("")}]` : line.view.id))
    .join(" ");
}

describe("the rows of a ruleset", () => {
  it.each([
    ["have no heading without sections", "a b", "a b"],
    ["have a heading above the rules of a section", "a b:X c:X d", "a X[bc] b c d"],
    ["have one for each of two sections that follow each other", "a:X b:Y", "X[a] a Y[b] b"],
    ["have one as often as rules of a section stand apart", "a:X b c:X", "X[a] a b X[c] c"],
  ])("%s", (_, rules, rows) => {
    expect(lines(rules)).toBe(rows);
  });

  it("are only the heading where a section is folded", () => {
    expect(lines("a b:X c:X d:Y", ["X"])).toBe("a X[bc] Y[d] d");
  });
});
