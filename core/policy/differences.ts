import { type SideRoute, sideRouteWords } from "./explain.ts";
import { isPlainObject } from "./same-value.ts";

/** So many entries that came, or went, are named. */
export const entriesNamedMax = 20;

/** The leaves that differ, each with its path, `limits.recipientsMax: 100 → 50`; of lists what came and what went. */
export function differences(before: unknown, after: unknown, path = ""): string[] {
  if (isPlainObject(before) && isPlainObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], path === "" ? key : `${path}.${key}`));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isListOrNone(before) && isListOrNone(after)) return [`${path}: ${listWords(before ?? [], after ?? [])}`];
  return [`${path}: ${valueWords(before)} → ${valueWords(after)}`];
}

function isListOrNone(value: unknown): value is readonly unknown[] | undefined {
  return value === undefined || Array.isArray(value);
}

function listWords(before: readonly unknown[], after: readonly unknown[]): string {
  const [went, came] = [without(before, after), without(after, before)];
  if (went.length + came.length === 0) return "in another order";
  const said = new Set(went.map(valueWords));
  // Words leave out the rest of what is long: then they could be the same.
  const words = came.some((value) => said.has(valueWords(value))) ? exactly : valueWords;
  if (went.length === 1 && came.length === 1) return `${words(went[0])} → ${words(came[0])}`;
  return [...namedWords("added", came.map(words)), ...namedWords("removed", went.map(words))].join("; ");
}

function exactly(value: unknown): string {
  return JSON.stringify(value);
}

function namedWords(verb: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length - entriesNamedMax;
  const rest = more > 0 ? ` and ${more.toLocaleString("en")} more` : "";
  return [`${verb} ${items.slice(0, entriesNamedMax).join(", ")}${rest}`];
}

/** The values that the others do not have, or not as often. */
function without(values: readonly unknown[], others: readonly unknown[]): unknown[] {
  const there = new Map<string, number>();
  for (const other of others) {
    const text = JSON.stringify(other);
    there.set(text, (there.get(text) ?? 0) + 1);
  }
  return values.filter((value) => {
    const text = JSON.stringify(value);
    const count = there.get(text) ?? 0;
    there.set(text, count - 1);
    return count <= 0;
  });
}

function valueWords(value: unknown): string {
  if (value === undefined) return "–";
  if (typeof value === "string") return value;
  if (isSideRoute(value)) return sideRouteWords(value);
  if (!isPlainObject(value)) return JSON.stringify(value);
  const parts = Object.entries(value).filter(
    ([, part]) => part !== undefined && !(Array.isArray(part) && part.length === 0),
  );
  return parts.map(([key, part]) => `${key} ${typeof part === "string" ? part : JSON.stringify(part)}`).join(", ");
}

function isSideRoute(value: unknown): value is SideRoute {
  return isPlainObject(value) && typeof value["route"] === "string";
}
