import { z } from "zod";
import { queueCauseSchema } from "#core/contract/queue.ts";
import { database } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { type InterfaceScope, inScope } from "#lib/interfaces/scope.ts";
import { ofAge } from "./conditions.ts";
import { queueAges } from "./search.ts";

/** Destinations and groups that are shown; those with most mail. */
const destinationsMax = 20;
const groupsMax = 12;

const countSchema = z.int().nonnegative();
const heatSchema = z.object({
  route: z.string(),
  destination: z.string(),
  count: countSchema,
  ages: z.record(z.enum(queueAges.map(({ age }) => age)), countSchema),
});
/** Where much mail waits, by how long it does. */
export type HeatRow = z.infer<typeof heatSchema>;

const groupSchema = z.object({
  route: z.string(),
  destination: z.string(),
  cause: queueCauseSchema,
  count: countSchema,
  /** Of them. */
  held: countSchema,
  oldestAt: z.coerce.date(),
});
/** Messages that wait for the same reason. */
export type CauseGroup = z.infer<typeof groupSchema>;

const summarySchema = z.object({
  total: countSchema,
  bytes: z.number().nonnegative(),
  destinations: countSchema,
  routes: z.array(z.string()),
  heat: z.array(heatSchema),
  groups: z.array(groupSchema),
});
/** What the queue looks like. `destinations`: how many there are; `heat` and `groups` have those with most mail. */
export type QueueSummary = z.infer<typeof summarySchema>;

/**
 * The queue of an interface at `now` in numbers: its rows are read once, whatever is asked about them. Grouped by no more than this, so that Postgres
 * counts in parallel instead of sorting a million rows.
 */
export async function summarizeQueue(scope: InterfaceScope | null, now: Date): Promise<QueueSummary> {
  const spans = queueAges.map(({ age }, index) => ({ age, column: Prisma.raw(`"span${index}"`) }));
  const counted = spans.map(({ age, column }) => Prisma.sql`count(*) FILTER (WHERE ${ofAge(age, now)}) AS ${column}`);
  const summed = spans.map(({ age, column }) => Prisma.sql`${age}::text, sum(${column})`);
  const found = await database().$queryRaw`
    WITH tally AS MATERIALIZED (
      SELECT route, destination, cause, count(*) AS n, count(*) FILTER (WHERE state = 'held') AS held, sum(bytes) AS bytes,
             min("receivedAt") AS oldest, ${Prisma.join(counted)}
      FROM "QueueEntry" WHERE ${inScope(scope)} GROUP BY 1, 2, 3
    ),
    heat AS (
      SELECT route, destination, sum(n)::int AS count, jsonb_build_object(${Prisma.join(summed)}) AS ages
      FROM tally GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ${destinationsMax}
    ),
    groups AS (
      SELECT route, destination, cause, n::int AS count, held::int AS held, oldest AS "oldestAt"
      FROM tally WHERE cause IS NOT NULL ORDER BY 4 DESC, 1, 2, 3 LIMIT ${groupsMax}
    )
    SELECT coalesce(sum(n), 0)::int AS total, coalesce(sum(bytes), 0)::float8 AS bytes,
           count(DISTINCT (route, destination))::int AS destinations,
           coalesce(array_agg(DISTINCT route ORDER BY route), '{}') AS routes,
           (SELECT coalesce(jsonb_agg(heat), '[]') FROM heat) AS heat,
           (SELECT coalesce(jsonb_agg(groups), '[]') FROM groups) AS groups
    FROM tally`;
  return z.tuple([summarySchema]).parse(found)[0];
}
