import { describe, expect, it } from "vitest";
import { beforeOf, type OrderStep } from "#components/rules/order-targets.ts";
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
