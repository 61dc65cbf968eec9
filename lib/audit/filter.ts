import { z } from "zod";
import { askedZoneSchema } from "#core/contract/wall-clock.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { dayStart, rangeHours, rangeSchema } from "#lib/search.ts";

/** Which audit rows: null takes all. `from` is inclusive, `to` exclusive. */
export type AuditFilter = {
  actor: string | null;
  action: string | null;
  /** A session or a token, as the log names it. */
  via: string | null;
  from: Date | null;
  to: Date | null;
};

// Postgres takes no NUL.
const word = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\0]*$/)
  .nullable()
  .catch(null);

const bound = z.union([z.iso.date(), z.iso.datetime()]).nullable().catch(null);
const searchSchema = z.object({ actor: word, action: word, via: word, from: bound, to: bound, zone: askedZoneSchema });

/**
 * The filter in a page's or an export's search parameters: days of the zone, or instants. A last day is meant as a whole; `now` bounds a
 * relative range.
 */
export function auditFilterOf(search: { get(name: string): string | null }, now: Date): AuditFilter {
  const text = {
    actor: search.get("actor"),
    action: search.get("action"),
    via: search.get("via"),
    from: search.get("from"),
    to: search.get("to"),
    zone: search.get("zone"),
  };
  const { from, to, zone, ...rest } = searchSchema.parse(text);
  const range = rangeSchema.parse(search.get("range"));
  const since = range === null ? null : new Date(now.getTime() - rangeHours[range] * 3_600_000);
  const bounds = [pointOf(from, zone, 0), since]
    .filter((bound) => bound !== null)
    .toSorted((a, b) => b.getTime() - a.getTime());
  return { ...rest, from: bounds[0] ?? null, to: pointOf(to, zone, 1) };
}

function pointOf(text: string | null, zone: string | null, daysLater: number): Date | null {
  if (text === null) return null;
  return z.iso.date().safeParse(text).success ? dayStart(text, zone, daysLater) : new Date(text);
}

/** The filter as the database wants it. */
export function auditWhere({ actor, action, via, from, to }: AuditFilter): Prisma.AuditEntryWhereInput {
  return {
    ...(actor === null ? {} : { actor }),
    ...(action === null ? {} : { action }),
    ...(via === null ? {} : { via }),
    at: { ...(from === null ? {} : { gte: from }), ...(to === null ? {} : { lt: to }) },
  };
}
