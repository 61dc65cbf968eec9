import { z } from "zod";
import { verdictSchema } from "#core/contract/decision.ts";
import {
  type DeliveryEvent,
  eventSchema,
  type MessageEvent,
  type NoticeEvent,
  outcomeSchema,
  type QuarantineEvent,
  type QueueEvent,
  type SessionEvent,
} from "#core/contract/event.ts";
import { database } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { readCursor, writeCursor } from "#lib/search.ts";
import { type MessageSearch, rangeHours } from "./search.ts";

const pageSize = 50;
const followUpsMax = 500;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const rowSchema = z.object({
  id: z.string(),
  at: z.date(),
  kind: z.enum(["message", "session"]),
  protocol: z.string().nullable(),
  interface: z.string().nullable(),
  clientAddress: z.string().nullable(),
  sender: z.string().nullable(),
  recipients: z.array(z.string()),
  subject: z.string().nullable(),
  bytes: z.number().nullable(),
  verdict: verdictSchema.nullable(),
  outcome: outcomeSchema.nullable().catch(null),
  ruleId: z.string().nullable(),
  ruleName: z.string().nullable(),
  reply: z.string().nullable(),
  /** A rule with an alarm matched. */
  alarm: z.boolean(),
  cause: z.string().nullable(),
  /** POP3 has no envelope: the From header and the mailbox user stand in its place. */
  from: z.string().nullable(),
  user: z.string().nullable(),
});
export type MessageRow = z.infer<typeof rowSchema>;
export type MessagePage = { rows: MessageRow[]; next: string | null };

/** Messages, and sessions that ended before one, newest first. `now` bounds relative ranges. */
export async function searchMessages(search: MessageSearch, now: Date): Promise<MessagePage> {
  const found = await database().$queryRaw`
    SELECT id, at, kind, protocol, interface, "clientAddress", sender, recipients, subject, bytes, verdict, outcome,
           "ruleId", "ruleName", reply, alarm, detail->>'cause' AS cause,
           detail->>'from' AS "from", detail->>'user' AS "user"
    FROM "MailEvent"
    WHERE ${Prisma.join(conditions(search, now), " AND ")}
    ORDER BY at DESC, id DESC
    LIMIT ${pageSize + 1}`;
  const rows = z.array(rowSchema).parse(found);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return { rows: page, next: rows.length > pageSize && last !== undefined ? writeCursor(last) : null };
}

function conditions(search: MessageSearch, now: Date): Prisma.Sql[] {
  const all = [Prisma.sql`kind IN ('message', 'session')`];
  const cursor = readCursor(search.after);
  if (cursor) all.push(Prisma.sql`(at, id) < (${cursor.at}, ${cursor.id})`);
  if (search.range) all.push(Prisma.sql`at >= ${new Date(now.getTime() - rangeHours[search.range] * hourMs)}`);
  if (search.from) all.push(Prisma.sql`at >= ${new Date(search.from)}`);
  if (search.until) all.push(Prisma.sql`at < ${new Date(Date.parse(search.until) + dayMs)}`);
  if (search.verdict) all.push(Prisma.sql`verdict = ${search.verdict}`);
  if (search.outcome === "session") all.push(Prisma.sql`kind = 'session'`);
  else if (search.outcome) all.push(Prisma.sql`outcome = ${search.outcome}`);
  if (search.alarm) all.push(Prisma.sql`alarm`);
  if (search.interface) all.push(Prisma.sql`interface = ${search.interface}`);
  if (search.sender) all.push(contains(Prisma.sql`sender`, search.sender));
  if (search.recipient) {
    const one = contains(Prisma.sql`recipient`, search.recipient);
    all.push(Prisma.sql`EXISTS (SELECT 1 FROM unnest(recipients) AS recipient WHERE ${one})`);
  }
  if (search.rule) all.push(byRule(search.rule));
  if (search.text) all.push(byText(search.text));
  return all;
}

// strpos, not LIKE: what people type has no wildcards in it, and the cost is linear.
function contains(column: Prisma.Sql, part: string): Prisma.Sql {
  return Prisma.sql`strpos(lower(${column}), lower(${part})) > 0`;
}

/** By id also the messages that a rule in state observe would have stopped, and those that rang its alarm. */
function byRule(rule: string): Prisma.Sql {
  if (!z.uuid().safeParse(rule).success) return contains(Prisma.sql`"ruleName"`, rule);
  const named = JSON.stringify([{ ruleId: rule }]);
  return Prisma.sql`("ruleId" = ${rule} OR detail #> '{decision,observed}' @> ${named}::jsonb
    OR alarm AND detail #> '{decision,alarms}' @> ${named}::jsonb)`;
}

function byText(part: string): Prisma.Sql {
  const columns = [Prisma.sql`subject`, Prisma.sql`id`, Prisma.sql`"messageIdHeader"`];
  return Prisma.sql`(${Prisma.join(
    columns.map((column) => contains(column, part)),
    " OR ",
  )})`;
}

export type MessageStory = {
  event: MessageEvent | SessionEvent;
  /** What happened to it later in the queue, oldest first. */
  followUps: (DeliveryEvent | QueueEvent | NoticeEvent | QuarantineEvent)[];
  workerId: string;
  /** Its state in the queue now; null when it is not (or no longer) there. */
  queueState: string | null;
};

/** All that is known about one message or session; null when no worker reported it. */
export async function readMessageStory(id: string): Promise<MessageStory | null> {
  const row = await database().mailEvent.findUnique({ where: { id }, select: { detail: true, workerId: true } });
  if (row === null) return null;
  const event = eventSchema.parse(row.detail);
  if (event.kind !== "message" && event.kind !== "session") return null;
  const [later, queued] = await Promise.all([
    database().mailEvent.findMany({
      where: { messageId: id, kind: { in: ["delivery", "queue", "notice", "quarantine"] } },
      orderBy: [{ at: "asc" }, { id: "asc" }],
      take: followUpsMax,
      select: { detail: true },
    }),
    database().queueEntry.findFirst({ where: { id, workerId: row.workerId }, select: { state: true } }),
  ]);
  const followUps = later
    .map(({ detail }) => eventSchema.parse(detail))
    .filter((followUp) => followUp.kind === "delivery" || followUp.kind === "queue" || followUp.kind === "quarantine");
  return { event, followUps, workerId: row.workerId, queueState: queued?.state ?? null };
}

/** The interfaces that a search can name: those of the draft. */
export async function interfaceNames(): Promise<string[]> {
  const rows = await database().interface.findMany({ orderBy: { rank: "asc" }, select: { name: true } });
  return rows.map(({ name }) => name);
}
