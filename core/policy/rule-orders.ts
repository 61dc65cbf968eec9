import type { Stage } from "#core/contract/facts.ts";

/** Where rules stand: a ruleset of a proxy action. */
export type RulesetPlace = { proxyActionId: string; ruleset: Stage };
/** The ids of rulesets' rules, in order. */
export type RulesetOrder = { place: RulesetPlace; ids: readonly string[] };
/** Rules that go together, before a rule of that ruleset; null: to its end. `section`: the one to be in there, if asked for; null: in none. */
export type BlockMove = { ruleIds: string[]; to: RulesetPlace & { before: string | null; section?: string | null } };
/** `before` of a move to the top, whoever stands there. */
export const toTop = "first";

export function isSamePlace(a: RulesetPlace, b: RulesetPlace): boolean {
  return a.proxyActionId === b.proxyActionId && a.ruleset === b.ruleset;
}

/** The orders after a block went to its place, in the order that its rules had; null when the rule that it goes before is not there. */
export function blockMoved(orders: readonly RulesetOrder[], { ruleIds, to }: BlockMove): RulesetOrder[] | null {
  const wanted = new Set(ruleIds);
  const block = orders.flatMap(({ ids }) => ids.filter((id) => wanted.has(id)));
  const target = orders.find(({ place }) => isSamePlace(place, to));
  const at = target === undefined ? -1 : indexOf(target.ids, to.before);
  if (target === undefined || at < 0) return null;
  // The first behind it that stays.
  const next = target.ids.slice(at).find((id) => !wanted.has(id));
  return orders.map((order) => {
    const others = order.ids.filter((id) => !wanted.has(id));
    if (order !== target) return { ...order, ids: others };
    const index = next === undefined ? others.length : others.indexOf(next);
    return { ...order, ids: [...others.slice(0, index), ...block, ...others.slice(index)] };
  });
}

function indexOf(ids: readonly string[], before: string | null): number {
  if (before === null) return ids.length;
  return before === toTop ? 0 : ids.indexOf(before);
}
