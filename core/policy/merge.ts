import { isPlainObject, sameValue } from "./same-value.ts";

/** A field of an object that two people changed at once, and what is taken. */
export type MergedField = {
  path: string[];
  /** As both began with it; undefined where it is not there. */
  base: unknown;
  mine: unknown;
  theirs: unknown;
  /** mine, theirs: only one changed it. both: what both put on a list and took off it. clash: somebody has to choose; mine until then. */
  kind: "mine" | "theirs" | "both" | "clash";
  value: unknown;
};

/** Their fields mean something together only: half of one condition and half of another would be a third. */
const oneThing: ReadonlySet<string> = new Set([
  "when",
  "action",
  "matched",
  "tls",
  "schedule",
  "serverChoice",
  "at",
  "bridge",
]);

/** Every field that is not in both as it was, field by field; what both changed in the same way is not worth telling. */
export function mergeFields(base: unknown, mine: unknown, theirs: unknown, path: string[] = []): MergedField[] {
  if (sameValue(mine, theirs)) return [];
  const [key] = path.slice(-1);
  const whole = key !== undefined && oneThing.has(key);
  if (!whole && isPlainObject(base) && isPlainObject(mine) && isPlainObject(theirs)) {
    const keys = new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)]);
    return [...keys].flatMap((name) => mergeFields(base[name], mine[name], theirs[name], [...path, name]));
  }
  const field = { path, base, mine, theirs };
  if (sameValue(theirs, base)) return [{ ...field, kind: "mine", value: mine }];
  if (sameValue(mine, base)) return [{ ...field, kind: "theirs", value: theirs }];
  const both = mergeEntries(base, mine, theirs);
  return [both === null ? { ...field, kind: "clash", value: mine } : { ...field, kind: "both", value: both }];
}

/** Lists of words: mine, without what they took off, with what they put on at the end. Null where that is not all, because the order changed. */
function mergeEntries(base: unknown, mine: unknown, theirs: unknown): string[] | null {
  if (!isEntries(base) || !isEntries(mine) || !isEntries(theirs)) return null;
  const [old, ours, others] = [new Set(base), new Set(mine), new Set(theirs)];
  const keepsOrder = (entries: readonly string[], set: ReadonlySet<string>) =>
    sameValue(
      base.filter((entry) => set.has(entry)),
      entries.filter((entry) => old.has(entry)),
    );
  if (!keepsOrder(mine, ours) || !keepsOrder(theirs, others)) return null;
  const left = mine.filter((entry) => !old.has(entry) || others.has(entry));
  return [...left, ...theirs.filter((entry) => !old.has(entry) && !ours.has(entry))];
}

function isEntries(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.every((entry) => typeof entry === "string") && new Set(value).size === value.length
  );
}

/** The object with what is taken of each field. */
export function withFields(mine: unknown, fields: readonly MergedField[]): unknown {
  return fields.reduce((object, { path, value }) => withValue(object, path, value), mine);
}

function withValue(object: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const { [key]: before, ...others } = isPlainObject(object) ? object : {};
  const after = withValue(before, rest, value);
  return after === undefined ? others : { ...others, [key]: after };
}
