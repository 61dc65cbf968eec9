import { z } from "zod";
import { verdictSchema } from "#core/contract/decision.ts";
import {
  type ConnectionEvent,
  connectionEndSchema,
  connectionEventSchema,
  outcomeSchema,
} from "#core/contract/event.ts";
import type { LiveSession } from "#core/contract/live-session.ts";
import { database } from "#lib/db.ts";
import { contains, newestFirst, timeConditions } from "#lib/events/event-search.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { atInterface, type InterfaceScope } from "#lib/interfaces/scope.ts";
import { writeCursor } from "#lib/search.ts";
import { readLiveSessions } from "#lib/workers/control-client.ts";
import type { ConnectionSearch } from "./search.ts";

const pageSize = 50;
const messagesMax = 500;

const rowSchema = z.object({
  id: z.string(),
  at: z.date(),
  kind: z.enum(["connection", "session"]),
  protocol: z.string().nullable(),
  interface: z.string().nullable(),
  policy: z.string().nullable(),
  clientAddress: z.string().nullable(),
  user: z.string().nullable(),
  /** null: it was not taken. */
  end: connectionEndSchema.nullable().catch(null),
  alarm: z.boolean(),
  cause: z.string().nullable(),
  durationMs: z.number().nullable(),
  bytesIn: z.number().nullable(),
  bytesOut: z.number().nullable(),
  /** That got a verdict. */
  messages: z.number().nullable(),
});
export type ConnectionRow = z.infer<typeof rowSchema>;
export type ConnectionPage = { rows: ConnectionRow[]; next: string | null };

/**
 * Sessions that are over, and connections that were not taken, newest first. What a session's own record tells stands there and not beside it.
 * `now` bounds relative ranges.
 */
export async function searchConnections(search: ConnectionSearch, now: Date): Promise<ConnectionPage> {
  const found = await database().$queryRaw`
    SELECT id, at, kind, protocol, interface, policy, "clientAddress", "user", outcome AS "end", alarm,
           detail->>'cause' AS cause, (detail->>'durationMs')::float8 AS "durationMs",
           (detail->>'bytesIn')::float8 AS "bytesIn", (detail->>'bytesOut')::float8 AS "bytesOut",
           (SELECT sum((given->>'messages')::int)::int FROM jsonb_array_elements(detail->'verdicts') AS given) AS messages
    FROM "MailEvent"
    WHERE ${Prisma.join(await conditions(search, now), " AND ")}
    ${newestFirst}
    LIMIT ${pageSize + 1}`;
  const rows = z.array(rowSchema).parse(found);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return { rows: page, next: rows.length > pageSize && last !== undefined ? writeCursor(last) : null };
}

async function conditions(search: ConnectionSearch, now: Date): Promise<Prisma.Sql[]> {
  const all = [kindCondition(search.end), ...timeConditions(search, now), await atInterface(search.interface)];
  if (search.protocol) all.push(Prisma.sql`protocol = ${search.protocol}`);
  if (search.alarm) all.push(Prisma.sql`alarm`);
  if (search.user) all.push(contains(Prisma.sql`"user"`, search.user));
  if (search.text) {
    const { text } = search;
    const columns = [Prisma.sql`"clientAddress"`, Prisma.sql`id`, Prisma.sql`detail->>'cause'`];
    all.push(
      Prisma.sql`(${Prisma.join(
        columns.map((column) => contains(column, text)),
        " OR ",
      )})`,
    );
  }
  return all;
}

/** A session event of a session that has a record is told there. */
function kindCondition(end: ConnectionSearch["end"]): Prisma.Sql {
  const alone = Prisma.sql`kind = 'session' AND ("connectionId" IS NULL OR NOT EXISTS
    (SELECT 1 FROM "MailEvent" AS record WHERE record.id = "MailEvent"."connectionId"))`;
  if (end === null) return Prisma.sql`kind IN ('connection', 'session') AND (kind = 'connection' OR ${alone})`;
  return end === "none" ? alone : Prisma.sql`kind = 'connection' AND outcome = ${end}`;
}

const messageSchema = z.object({
  id: z.string(),
  at: z.date(),
  kind: z.enum(["message", "session"]),
  verdict: verdictSchema.nullable(),
  outcome: outcomeSchema.nullable().catch(null),
  subject: z.string().nullable(),
  sender: z.string().nullable(),
  bytes: z.number().nullable(),
  cause: z.string().nullable(),
});
export type ConnectionMessage = z.infer<typeof messageSchema>;

export type ConnectionStory = {
  event: ConnectionEvent;
  worker: string;
  /** What it carried and what went wrong in it, oldest first; the first ones. */
  messages: ConnectionMessage[];
};

/** All that is known of a session that is over; null when there is no record of it. */
export async function readConnectionStory(id: string): Promise<ConnectionStory | null> {
  const row = await database().mailEvent.findUnique({
    where: { id, kind: "connection" },
    select: { detail: true, workerId: true },
  });
  if (row === null) return null;
  const [worker, messages] = await Promise.all([
    database().worker.findUnique({ where: { id: row.workerId }, select: { name: true } }),
    database().$queryRaw`
      SELECT id, at, kind, verdict, outcome, subject, coalesce(sender, detail->>'from') AS sender, bytes,
             detail->>'cause' AS cause
      FROM "MailEvent"
      WHERE "connectionId" = ${id} AND kind IN ('message', 'session')
      ORDER BY at, id
      LIMIT ${messagesMax}`,
  ]);
  return {
    event: connectionEventSchema.parse(row.detail),
    worker: worker?.name ?? row.workerId,
    messages: z.array(messageSchema).parse(messages),
  };
}

export type RunningSession = LiveSession & { workerId: string; worker: string };
export type RunningSessions = {
  /** Those that began first. */
  sessions: RunningSession[];
  /** How many more run, of every interface: a worker names its first ones only. */
  unlisted: number;
  workers: number;
  /** Workers that did not tell. */
  silent: { worker: string; reason: string }[];
};

/** The sessions that run now, at an interface: every worker is asked. */
export async function runningSessions(scope: InterfaceScope | null): Promise<RunningSessions> {
  const workers = await database().worker.findMany({ orderBy: { name: "asc" } });
  const running: RunningSessions = { sessions: [], unlisted: 0, workers: workers.length, silent: [] };
  const answers = await Promise.all(
    workers.map(async (worker) => ({ worker, answer: await readLiveSessions(worker) })),
  );
  for (const { worker, answer } of answers) {
    if (!answer.ok) {
      running.silent.push({ worker: worker.name, reason: answer.failure.message });
      continue;
    }
    const { sessions, total } = answer.value;
    running.unlisted += total - sessions.length;
    for (const session of sessions) {
      if (scope === null || scope.names.includes(session.interface))
        running.sessions.push({ ...session, workerId: worker.id, worker: worker.name });
    }
  }
  running.sessions.sort((a, b) => a.beganAt.localeCompare(b.beganAt) || a.id.localeCompare(b.id));
  return running;
}
