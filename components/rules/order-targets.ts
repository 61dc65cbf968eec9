import { toTop } from "#core/policy/rule-orders.ts";

export type OrderStep = "up" | "down" | "top" | "bottom";

/** What a block of the order goes before when it is moved; null: to the end. Undefined: it is there already. */
export function beforeOf(
  order: readonly string[],
  block: ReadonlySet<string>,
  to: OrderStep,
): string | null | undefined {
  const first = order.findIndex((id) => block.has(id));
  const last = order.findLastIndex((id) => block.has(id));
  if (first < 0) return undefined;
  const together = order.slice(first, last + 1).every((id) => block.has(id));
  if (to === "top") return first === 0 && together ? undefined : toTop;
  if (to === "bottom") return last === order.length - 1 && together ? undefined : null;
  if (to === "up") return first === 0 ? (together ? undefined : toTop) : order[first - 1];
  if (last === order.length - 1) return together ? undefined : null;
  return order[last + 2] ?? null;
}
