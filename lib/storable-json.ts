import { z } from "zod";

/**
 * A value as JSON that Postgres can store, and the same value when it is read back: no undefined, no NUL and no lone
 * surrogate (jsonb refuses both), dates as ISO text, bigints as text.
 */
export function storableJson(value: unknown): z.infer<ReturnType<typeof z.json>> {
  return z.json().parse(JSON.parse(storableJsonText(value)));
}

/** The same as text. `undefined` becomes null. */
export function storableJsonText(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) => storableMember(inner));
}

function storableMember(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), inner]));
}

/** Text that Postgres can store: NUL becomes the replacement character, and so does half a surrogate pair. */
export function storableText(value: string): string {
  return value.toWellFormed().replaceAll("\u0000", "\ufffd");
}
