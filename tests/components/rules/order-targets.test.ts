import { describe, expect, it } from "vitest";
import { beforeOf, type OrderStep, staysThere } from "#components/rules/order-targets.ts";
import { blockMoved } from "#core/policy/rule-orders.ts";

const place = { proxyActionId: "in", ruleset: "sender" } as const;

/** The order of `abcde` after a step of the block. */
function stepped(block: string, to: OrderStep): string {
  const order = [..."abcde"];
  const before = beforeOf(order, new Set(block), to);
  if (before === undefined) return "stays";
  const [moved] = blockMoved([{ place, ids: order }], { ruleIds: [...block], to: { ...place, before } }) ?? [];
  return moved?.ids.join("") ?? "nowhere";
}

describe("a step of a block", () => {
  it.each([
    ["c", "up", "acbde"],
    ["c", "down", "abdce"],
    ["d", "down", "abced"],
    ["bc", "up", "bcade"],
    ["bc", "down", "adbce"],
    ["bd", "up", "bdace"],
    ["bd", "down", "acebd"],
    ["c", "top", "cabde"],
    ["bd", "bottom", "acebd"],
    ["ac", "up", "acbde"],
    ["ce", "down", "abdce"],
  ] as const)("of %s %s gives %s", (block, to, order) => {
    expect(stepped(block, to)).toBe(order);
  });

  it.each([
    ["ab", "up"],
    ["de", "down"],
    ["ab", "top"],
    ["e", "bottom"],
    ["", "up"],
  ] as const)("of %s %s has nowhere to go", (block, to) => {
    expect(stepped(block, to)).toBe("stays");
  });
});

describe("a block that is let go", () => {
  /** The order of `abcde` after the block went before a rule; null: to the end. */
  function dropped(block: string, before: string | null): string {
    const order = [..."abcde"];
    const [moved] = blockMoved([{ place, ids: order }], { ruleIds: [...block], to: { ...place, before } }) ?? [];
    return moved?.ids.join("") ?? "nowhere";
  }

  it("changes nothing exactly where the order would be the same", () => {
    const blocks = ["a", "c", "e", "ab", "cd", "de", "ac", "bde", "abcde", ""];
    for (const block of blocks)
      for (const before of [..."abcde", null]) {
        const stays = dropped(block, before) === "abcde";
        expect({ block, before, stays: staysThere([..."abcde"], new Set(block), before) }).toEqual({
          block,
          before,
          stays,
        });
      }
  });
});
