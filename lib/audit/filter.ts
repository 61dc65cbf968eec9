import { z } from "zod";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import { rangeHours, rangeSchema } from "#lib/search.ts";

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

/** A day or an instant in UTC; what is neither is no bound. */
const instant = z
  .union([z.iso.date(), z.iso.datetime()])
  .transform((text) => new Date(text))
  .nullable()
  .catch(null);

const searchSchema = z.object({ actor: word, action: word, via: word, from: instant, to: z.string().nullable() });

/** The filter in a page's or an export's search parameters. A last day is meant as a whole; `now` bounds a relative range. */
export function auditFilterOf(search: { get(name: string): string | null }, now: Date): AuditFilter {
  const text = {
    actor: search.get("actor"),
    action: search.get("action"),
    via: search.get("via"),
    from: search.get("from"),
    to: search.get("to"),
  };
  const { from, to, ...rest } = searchSchema.parse(text);
  const range = rangeSchema.parse(search.get("range"));
  const since = range === null ? null : new Date(now.getTime() - rangeHours[range] * 3_600_000);
  const last = instant.parse(to);
  const wholeDay = z.iso.date().safeParse(to).success;
  const bounds = [from, since].filter((bound) => bound !== null).toSorted((a, b) => b.getTime() - a.getTime());
  return {
    ...rest,
    from: bounds[0] ?? null,
    to: last !== null && wholeDay ? new Date(last.getTime() + 86_400_000) : last,
  };
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
