import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SectionedRule, sectionStep } from "#components/rules/section-steps.ts";
import { rearranged } from "#core/policy/section-moves.ts";

const seed = Number(process.env.POSTERN_SEED ?? Date.now() % 1_000_000);
const place = { proxyActionId: "in", ruleset: "sender" } as const;

/** `a bX cX` are three rules, two of them in the section X. */
function rulesOf(text: string): SectionedRule[] {
  return text.split(" ").map((word) => ({ id: word.slice(0, 1), section: word.slice(1) || undefined }));
}

function shown(rules: readonly SectionedRule[]): string {
  return rules.map(({ id, section = "" }) => `${id}${section}`).join(" ");
}

/** The rules after a step of the block; of sections that are folded the first rule is in sight. */
function stepped(text: string, block: string, to: "up" | "down", folded: readonly string[] = []): string {
  const rules = rulesOf(text);
  const hidden = (rule: SectionedRule, n: number) =>
    folded.includes(rule.section ?? "") && rules[n - 1]?.section === rule.section;
  const order = rules.filter((rule, n) => !hidden(rule, n)).map(({ id }) => id);
  const found = sectionStep({ rules, order, folded: new Set(folded) }, new Set(block), to);
  if (found === undefined) return text;
  const sections = new Map(rules.flatMap(({ id, section }) => (section === undefined ? [] : [[id, section]])));
  const before = { orders: [{ place, ids: rules.map(({ id }) => id) }], sections };
  const after = rearranged(before, { ruleIds: [...block], to: { ...place, ...found } });
  const ids = after?.orders[0]?.ids ?? [];
  return shown(ids.map((id) => ({ id, section: after?.sections.get(id) })));
}

describe("a step of a rule", () => {
  it.each([
    ["past one in no section", "a b", "b", "up", "b a"],
    ["into the section above", "aX bX c", "c", "up", "aX bX cX"],
    ["past a rule of its section", "aX bX c", "b", "up", "bX aX c"],
    ["out of its section at the top", "aX bX c", "a", "up", "a bX c"],
    ["into the section below", "a bX", "a", "down", "aX bX"],
    ["out of its section at the bottom", "aX bX c", "b", "down", "aX b c"],
    ["out of one section before it is in the next", "aX bX cY", "b", "down", "aX b cY"],
    ["with its section where it is alone in it, past another as a whole", "aX bY cY d", "a", "down", "bY cY aX d"],
    ["the same upwards", "a bY cY dX", "d", "up", "a dX bY cY"],
    ["nowhere from the top in no section", "a bX", "a", "up", "a bX"],
  ] as const)("goes %s", (_, before, block, to, after) => {
    expect(stepped(before, block, to)).toBe(after);
  });

  it("goes past a section that is folded", () => {
    expect(stepped("a bX cX d", "a", "down", ["X"])).toBe("bX cX a d");
    expect(stepped("a bX cX d", "d", "up", ["X"])).toBe("a d bX cX");
    expect(stepped("a bX c", "c", "up", ["X"])).toBe("a c bX");
  });
});

describe("a step of a block", () => {
  it.each([
    ["in a row goes into and out of sections as one", "aX b c", "bc", "up", "aX bX cX"],
    ["that is a whole section goes past a rule", "a bX cX", "bc", "up", "bX cX a"],
    ["that stands apart comes together first", "a b c d", "bd", "up", "b d a c"],
  ] as const)("%s", (_, before, block, to, after) => {
    expect(stepped(before, block, to)).toBe(after);
  });
});

describe(`any step of one rule (seed ${seed})`, () => {
  it("is taken back by the opposite one", () => {
    const drawn = fc.tuple(
      fc.uniqueArray(fc.constantFrom("X", "Y", "Z", "", " ", "  "), { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 }),
      fc.nat(),
    );
    fc.assert(
      fc.property(drawn, fc.constantFrom("up", "down"), ([runs, lengths, pick], to) => {
        const words = runs.flatMap((name, n) => Array.from({ length: lengths[n] ?? 1 }, () => name.trim()));
        const text = words.map((section, n) => `${"abcdefghijklmno"[n]}${section}`).join(" ");
        const id = "abcdefghijklmno"[pick % Math.max(1, words.length)] ?? "a";
        const after = stepped(text, id, to);
        if (words.length > 0 && after !== text) expect(stepped(after, id, to === "up" ? "down" : "up")).toBe(text);
      }),
      { seed, numRuns: 500 },
    );
  });
});
