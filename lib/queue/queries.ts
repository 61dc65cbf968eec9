import { z } from "zod";
import { queueStateSchema } from "#core/contract/queue.ts";
import { database } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { readCursor, writeCursor } from "#lib/search.ts";
import type { QueueSearch } from "./search.ts";

const pageSize = 100;

const rowSchema = z.object({
  workerId: z.string(),
  id: z.string(),
  receivedAt: z.date(),
  route: z.string(),
  sender: z.string(),
  recipients: z.array(z.string()),
  subject: z.string().nullable(),
  bytes: z.number(),
  state: queueStateSchema,
  attempts: z.number(),
  lastReply: z.string().nullable(),
  nextAttemptAt: z.date().nullable(),
});
export type QueueRow = z.infer<typeof rowSchema>;

export type QueuePage = {
  rows: QueueRow[];
  /** Entries that the filters let through, on all pages. */
  matching: number;
  /** Entries in the queue, whatever the filters say. */
  total: number;
  routes: string[];
  next: string | null;
};

/** The queue of all workers as they last reported it, oldest first. */
export async function searchQueue(search: QueueSearch): Promise<QueuePage> {
  const filters = conditions(search);
  const cursor = readCursor(search.after);
  const behind = cursor ? Prisma.sql`("receivedAt", id) > (${cursor.at}, ${cursor.id})` : Prisma.sql`TRUE`;
  const db = database();
  const [found, counted, total, routes] = await Promise.all([
    db.$queryRaw`
      SELECT "workerId", id, "receivedAt", route, sender, recipients, subject, bytes, state, attempts, "lastReply",
             "nextAttemptAt"
      FROM "QueueEntry" WHERE ${filters} AND ${behind}
      ORDER BY "receivedAt", id LIMIT ${pageSize + 1}`,
    db.$queryRaw`SELECT count(*)::int AS matching FROM "QueueEntry" WHERE ${filters}`,
    db.queueEntry.count(),
    // Prisma's own distinct fetches every row.
    db.queueEntry.groupBy({ by: "route", orderBy: { route: "asc" } }),
  ]);
  const rows = z.array(rowSchema).parse(found);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return {
    rows: page,
    matching: z.tuple([z.object({ matching: z.number() })]).parse(counted)[0].matching,
    total,
    routes: routes.map(({ route }) => route),
    next: rows.length > pageSize && last !== undefined ? writeCursor({ at: last.receivedAt, id: last.id }) : null,
  };
}

function conditions({ text, route, state }: QueueSearch): Prisma.Sql {
  const all = [Prisma.sql`TRUE`];
  if (route) all.push(Prisma.sql`route = ${route}`);
  if (state) all.push(Prisma.sql`state = ${state}`);
  if (text) {
    // strpos, not LIKE: what people type has no wildcards in it, and the cost is linear.
    all.push(Prisma.sql`strpos(lower(concat_ws(' ', id, sender, array_to_string(recipients, ' '), subject, "lastReply")),
                               lower(${text})) > 0`);
  }
  return Prisma.join(all, " AND ");
}
