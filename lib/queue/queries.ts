import { z } from "zod";
import type { DecisionRecord } from "#core/contract/decision.ts";
import { queueCauseSchema, queueStateSchema } from "#core/contract/queue.ts";
import { database, type Transaction } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { type JobView, recentJobsAt, unfinished } from "#lib/jobs/job-view.ts";
import { type FollowUp, readDecision, readFollowUps } from "#lib/messages/queries.ts";
import { readCursor, writeCursor } from "#lib/search.ts";
import { conditions } from "./conditions.ts";
import { filterOf, type QueueFilter, type QueueSearch, type QueueSort } from "./search.ts";

const pageSize = 100;

const rowSchema = z.object({
  workerId: z.string(),
  id: z.string(),
  receivedAt: z.date(),
  route: z.string(),
  destination: z.string(),
  cause: queueCauseSchema.nullable(),
  interface: z.string(),
  policy: z.string(),
  sender: z.string(),
  recipients: z.array(z.string()),
  subject: z.string().nullable(),
  bytes: z.number(),
  state: queueStateSchema,
  attempts: z.number(),
  lastReply: z.string().nullable(),
  nextAttemptAt: z.date().nullable(),
});
/** With the rule that let it in; null: none matched, or its event is not here. */
const listedSchema = rowSchema.extend({ ruleId: z.string().nullable(), ruleName: z.string().nullable() });
export type QueueRow = z.infer<typeof listedSchema>;

export type QueuePage = {
  rows: QueueRow[];
  /** Entries that the filters let through, on all pages. */
  matching: number;
  next: string | null;
};

/** The queue of all workers as they last reported it, in the order that is asked for; ages are those at `now`. */
export async function searchQueue(search: QueueSearch, now: Date): Promise<QueuePage> {
  const filters = await conditions(filterOf(search), now);
  const { key, order, after } = orders[search.sort ?? "oldest"];
  const cursor = readCursor(search.after);
  const behind = cursor === null ? Prisma.sql`TRUE` : after(cursor);
  const db = database();
  const [found, counted] = await Promise.all([
    db.$queryRaw`
      WITH page AS (
        SELECT "workerId", id, "receivedAt", route, destination, cause, interface, policy, sender, recipients, subject, bytes,
               state, attempts, "lastReply", "nextAttemptAt", ${key} AS key, row_number() OVER (ORDER BY ${order}) AS place
        FROM "QueueEntry" WHERE ${filters} AND ${behind} ORDER BY ${order} LIMIT ${pageSize + 1}
      )
      SELECT page.*, event."ruleId", event."ruleName" FROM page LEFT JOIN "MailEvent" event ON event.id = page.id ORDER BY place`,
    db.$queryRaw`SELECT count(*)::int AS matching FROM "QueueEntry" WHERE ${filters}`,
  ]);
  const rows = z.array(listedSchema.extend({ key: z.date() })).parse(found);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return {
    rows: page.map(({ key: _key, ...row }) => row),
    matching: z.tuple([z.object({ matching: z.number() })]).parse(counted)[0].matching,
    next: rows.length > pageSize && last !== undefined ? writeCursor({ at: last.key, id: last.id }) : null,
  };
}

type Cursor = NonNullable<ReturnType<typeof readCursor>>;
type Order = { key: Prisma.Sql; order: Prisma.Sql; after: (cursor: Cursor) => Prisma.Sql };

/** What has no next attempt comes last. */
const nextAttempt = Prisma.sql`coalesce("nextAttemptAt", '9999-12-31Z'::timestamptz)`;

/** A number as a time, so that one cursor serves every order. */
const orders: Record<QueueSort, Order> = {
  oldest: rising(Prisma.sql`"receivedAt"`),
  newest: falling(Prisma.sql`"receivedAt"`),
  next: rising(nextAttempt),
  largest: falling(Prisma.sql`to_timestamp(bytes)`),
  attempts: falling(Prisma.sql`to_timestamp(attempts)`),
};

function rising(key: Prisma.Sql): Order {
  const order = Prisma.sql`${key}, id`;
  return { key, order, after: ({ at, id }) => Prisma.sql`(${key}, id) > (${at}, ${id})` };
}

function falling(key: Prisma.Sql): Order {
  const order = Prisma.sql`${key} DESC, id DESC`;
  return { key, order, after: ({ at, id }) => Prisma.sql`(${key}, id) < (${at}, ${id})` };
}

const openSchema = rowSchema.extend({ revision: z.number() });

/** A message in the queue, why it was let in, and what happened to it there, oldest first. */
export type OpenMessage = {
  entry: z.infer<typeof openSchema>;
  /** Null: its event is not here. */
  decision: DecisionRecord | null;
  followUps: FollowUp[];
};

/** Null: it is not (or no longer) in the queue. */
export async function readOpenMessage(id: string): Promise<OpenMessage | null> {
  const row = await database().queueEntry.findFirst({ where: { id } });
  if (row === null) return null;
  const [decision, followUps] = await Promise.all([readDecision(id), readFollowUps(id)]);
  return { entry: openSchema.parse(row), decision, followUps };
}

/** How many messages a search finds that were received until `now`. */
export async function countFound(tx: Transaction, filter: QueueFilter, now: Date): Promise<number> {
  const counted = await tx.$queryRaw`
    SELECT count(*)::int AS total FROM "QueueEntry" WHERE ${await conditions(filter, now, tx)} AND "receivedAt" <= ${now}`;
  return z.tuple([z.object({ total: z.int() })]).parse(counted)[0].total;
}

/** The next of what `countFound` counts, in order of receivedAt and id: at most `countMax`, behind `after`. */
export async function findNext(
  tx: Transaction,
  filter: QueueFilter,
  { now, after, countMax }: { now: Date; after: Cursor | null; countMax: number },
): Promise<Pick<QueueRow, "workerId" | "id" | "receivedAt">[]> {
  const { order, after: behind } = orders.oldest;
  const found = await tx.$queryRaw`
    SELECT "workerId", id, "receivedAt" FROM "QueueEntry"
    WHERE ${await conditions(filter, now, tx)} AND "receivedAt" <= ${now} AND ${after === null ? Prisma.sql`TRUE` : behind(after)}
    ORDER BY ${order} LIMIT ${countMax}`;
  return z.array(rowSchema.pick({ workerId: true, id: true, receivedAt: true })).parse(found);
}

/** Jobs under way, and those that ended within the hour, newest first. */
export function recentJobs(now: Date): Promise<JobView[]> {
  return database().queueJob.findMany(recentJobsAt(now));
}

/** Ids of the jobs that are not done, oldest first. */
export async function unfinishedJobs(): Promise<string[]> {
  const jobs = await database().queueJob.findMany(unfinished);
  return jobs.map(({ id }) => id);
}
