import { describe, expect, it } from "vitest";
import { blockMoved, type RulesetOrder, toTop } from "#core/policy/rule-orders.ts";

const sender = { proxyActionId: "in", ruleset: "sender" } as const;
const message = { proxyActionId: "in", ruleset: "message" } as const;

function orders(first: string, second = ""): RulesetOrder[] {
  return [
    { place: sender, ids: [...first] },
    { place: message, ids: [...second] },
  ];
}

function shown(found: readonly RulesetOrder[] | null): string {
  return found === null ? "nowhere" : found.map(({ ids }) => ids.join("")).join(" ");
}

describe("a block of rules", () => {
  it.each([
    ["c", "a", "cabde"],
    ["a", "c", "bacde"],
    ["ce", "a", "ceabd"],
    ["ec", "a", "ceabd"],
    ["ab", null, "cdeab"],
    ["d", toTop, "dabce"],
    ["ad", toTop, "adbce"],
    ["ab", "b", "abcde"],
    ["bd", "d", "acbde"],
    ["abcde", "c", "abcde"],
  ])("of %s goes before %s: %s", (block, before, order) => {
    const move = { ruleIds: [...block], to: { ...sender, before } };
    expect(shown(blockMoved(orders("abcde"), move))).toBe(`${order} `);
  });

  it("goes to another ruleset, in the order that it had", () => {
    const move = { ruleIds: ["c", "a"], to: { ...message, before: "y" } };
    expect(shown(blockMoved(orders("abc", "xy"), move))).toBe("b xacy");
  });

  it("goes nowhere when the rule that it goes before is not there", () => {
    expect(blockMoved(orders("abc"), { ruleIds: ["a"], to: { ...sender, before: "z" } })).toBeNull();
  });
});
