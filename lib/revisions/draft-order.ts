import { z } from "zod";

/** Where something goes in its order. `position` counts from 1 and is clamped. */
export const orderTargetSchema = z.union([
  z.enum(["up", "down", "top", "bottom"]),
  z.strictObject({ position: z.number().int().positive() }),
]);
export type OrderTarget = z.infer<typeof orderTargetSchema>;

/** The place that a target names, as an index into the order without the moved one. `from` is its index now, `length` how many there are with it. */
export function targetIndex(from: number, length: number, to: OrderTarget): number {
  const last = length - 1;
  if (to === "up") return Math.max(0, from - 1);
  if (to === "down") return Math.min(last, from + 1);
  if (to === "top") return 0;
  if (to === "bottom") return last;
  return Math.min(last, to.position - 1);
}

/** The ids with `id` at `index` of the result. */
export function placedAt(ids: readonly string[], id: string, index: number): string[] {
  const others = ids.filter((other) => other !== id);
  return [...others.slice(0, index), id, ...others.slice(index)];
}
