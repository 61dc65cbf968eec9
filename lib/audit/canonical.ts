import { createHash } from "node:crypto";

/** A JSON value as it comes back from the database. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** The part of an audit row that its hash covers. */
export type AuditContent = {
  sequence: bigint;
  at: Date;
  actor: string;
  address: string | null;
  action: string;
  object: string;
  summary: string;
  detail: JsonValue;
  previousHash: string;
  /** The actor's, and the session or token that it was done with. */
  role: string | null;
  via: string | null;
};

/** What the first row has as its `previousHash`. */
export const chainStart = "0".repeat(64);

/**
 * The row's hash: SHA-256 (hex) over a JSON array of its fields in the order of `AuditContent`, the sequence as text, the
 * time as ISO 8601 with milliseconds in UTC, and the keys of every object in `detail` sorted by code unit. Role and via end the array where the row
 * has one of them: rows from before there were any keep their hash, and neither can be added or taken away afterwards.
 */
export function auditHash(row: AuditContent): string {
  const text = JSON.stringify([
    row.sequence.toString(),
    row.at.toISOString(),
    row.actor,
    row.address,
    row.action,
    row.object,
    row.summary,
    sortKeys(row.detail),
    row.previousHash,
    ...(row.role === null && row.via === null ? [] : [row.role, row.via]),
  ]);
  return createHash("sha256").update(text).digest("hex");
}

/** A detail without fractions and very large numbers: the database client may give those back with other last digits. */
export function exactNumbers(value: JsonValue): JsonValue {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(exactNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, exactNumbers(inner)]));
}

function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
