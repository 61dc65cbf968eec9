import { Prisma } from "#lib/generated/prisma/client.ts";
import { dayStart, rangeHours, readCursor } from "#lib/search.ts";

const hourMs = 3_600_000;

/** What every search of MailEvent can ask of the time; `after`: the cursor of the page before. */
type TimeSearch = {
  range: keyof typeof rangeHours | null;
  from: string | null;
  until: string | null;
  /** Of the days; null: UTC. */
  zone: string | null;
  after: string | null;
};

export const newestFirst = Prisma.sql`ORDER BY at DESC, id DESC`;

/** `now` bounds relative ranges. */
export function timeConditions({ range, from, until, zone, after }: TimeSearch, now: Date): Prisma.Sql[] {
  const all: Prisma.Sql[] = [];
  const cursor = readCursor(after);
  if (cursor) all.push(Prisma.sql`(at, id) < (${cursor.at}, ${cursor.id})`);
  if (range) all.push(Prisma.sql`at >= ${new Date(now.getTime() - rangeHours[range] * hourMs)}`);
  if (from) all.push(Prisma.sql`at >= ${dayStart(from, zone)}`);
  if (until) all.push(Prisma.sql`at < ${dayStart(until, zone, 1)}`);
  return all;
}

// strpos, not LIKE: what people type has no wildcards in it, and the cost is linear.
export function contains(column: Prisma.Sql, part: string): Prisma.Sql {
  return Prisma.sql`strpos(lower(${column}), lower(${part})) > 0`;
}
