import { z } from "zod";
import { type DecisionRecord, stopsMessage, verdictSchema } from "#core/contract/decision.ts";
import {
  type DeliveryEvent,
  eventSchema,
  type MessageEvent,
  type NoticeEvent,
  outcomeSchema,
  type QuarantineEvent,
  type QueueEvent,
  type SessionEvent,
  type WorkerEvent,
} from "#core/contract/event.ts";
import { database } from "#lib/db.ts";
import { contains, newestFirst, timeConditions } from "#lib/events/event-search.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { atInterface } from "#lib/interfaces/scope.ts";
import { writeCursor } from "#lib/search.ts";
import type { MessageSearch } from "./search.ts";

const pageSize = 50;
const followUpsMax = 500;

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
           detail->>'from' AS "from", "user"
    FROM "MailEvent"
    WHERE ${Prisma.join(await conditions(search, now), " AND ")}
    ${newestFirst}
    LIMIT ${pageSize + 1}`;
  const rows = z.array(rowSchema).parse(found);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return { rows: page, next: rows.length > pageSize && last !== undefined ? writeCursor(last) : null };
}

async function conditions(search: MessageSearch, now: Date): Promise<Prisma.Sql[]> {
  const all = [
    Prisma.sql`kind IN ('message', 'session')`,
    ...timeConditions(search, now),
    await atInterface(search.interface),
  ];
  if (search.verdict) all.push(Prisma.sql`verdict = ${search.verdict}`);
  if (search.outcome === "session") all.push(Prisma.sql`kind = 'session'`);
  else if (search.outcome) all.push(Prisma.sql`outcome = ${search.outcome}`);
  if (search.alarm) all.push(Prisma.sql`alarm`);
  if (search.user) all.push(contains(Prisma.sql`"user"`, search.user));
  if (search.sender) all.push(contains(Prisma.sql`sender`, search.sender));
  if (search.recipient) {
    const one = contains(Prisma.sql`recipient`, search.recipient);
    all.push(Prisma.sql`EXISTS (SELECT 1 FROM unnest(recipients) AS recipient WHERE ${one})`);
  }
  if (search.replay) all.push(byReplay(search.replay));
  if (search.rule) all.push(byRule(search.rule));
  if (search.text) all.push(byText(search.text));
  return all;
}

/** By id also the messages that a rule in state observe would have stopped, and those that rang its alarm. */
function byRule(rule: string): Prisma.Sql {
  if (!z.uuid().safeParse(rule).success) return contains(Prisma.sql`"ruleName"`, rule);
  const named = JSON.stringify([{ ruleId: rule }]);
  return Prisma.sql`("ruleId" = ${rule} OR detail #> '{decision,observed}' @> ${named}::jsonb
    OR alarm AND detail #> '{decision,alarms}' @> ${named}::jsonb)`;
}

function byReplay(replay: string): Prisma.Sql {
  const [job, kind] = replay.split(".");
  return Prisma.sql`id IN (SELECT "eventId" FROM "ReplayChange" WHERE "jobId" = ${job}::uuid AND "kind" = ${Number(kind)})`;
}

function byText(part: string): Prisma.Sql {
  const columns = [Prisma.sql`subject`, Prisma.sql`id`, Prisma.sql`"messageIdHeader"`];
  return Prisma.sql`(${Prisma.join(
    columns.map((column) => contains(column, part)),
    " OR ",
  )})`;
}

/** What happened to a message after it was taken. */
export type FollowUp = DeliveryEvent | QueueEvent | NoticeEvent | QuarantineEvent;

export type MessageStory = {
  event: MessageEvent | SessionEvent;
  /** What happened to it later in the queue, oldest first. */
  followUps: FollowUp[];
  workerId: string;
  /** The id of the session that it belongs to; null when no record of that is there. */
  connection: string | null;
  /** Its state in the queue now; null when it is not (or no longer) there. */
  queueState: string | null;
};

/** All that is known about one message or session; null when no worker reported it. */
export async function readMessageStory(id: string): Promise<MessageStory | null> {
  const select = { detail: true, workerId: true, connectionId: true } as const;
  const row = await database().mailEvent.findUnique({ where: { id }, select });
  if (row === null) return null;
  const event = eventSchema.parse(row.detail);
  if (event.kind !== "message" && event.kind !== "session") return null;
  const [followUps, queued, connection] = await Promise.all([
    readFollowUps(id),
    database().queueEntry.findFirst({ where: { id, workerId: row.workerId }, select: { state: true } }),
    database().mailEvent.findFirst({ where: { id: row.connectionId ?? "", kind: "connection" }, select: { id: true } }),
  ]);
  const connectionId = connection?.id ?? null;
  return { event, followUps, workerId: row.workerId, connection: connectionId, queueState: queued?.state ?? null };
}

/** A message or session as its worker told of it; null: none did. */
export async function readJudged(id: string): Promise<MessageEvent | SessionEvent | null> {
  const row = await database().mailEvent.findUnique({ where: { id }, select: { detail: true } });
  const event = row === null ? null : eventSchema.parse(row.detail);
  return event?.kind === "message" || event?.kind === "session" ? event : null;
}

/** What policy decided about a message or session; null: nothing, or no worker reported it. */
export async function readDecision(id: string): Promise<DecisionRecord | null> {
  return (await readJudged(id))?.decision ?? null;
}

type Judged = { proxyAction: string; decision: DecisionRecord | null };

/**
 * Where in the draft a rule would stand that lets such mail through, as the editor of rules takes it: before the rule that decided, or at the end
 * of the ruleset whose default did. Null: nothing was done to it, no rule did that, or the draft has no such place.
 */
export async function exceptionTarget({ proxyAction, decision }: Judged): Promise<string | null> {
  if (decision === null || decision.stage === null) return null;
  const { verdict, stage, ruleId } = decision;
  if (!stopsMessage(verdict) && verdict !== "strip") return null;
  if (ruleId === null) {
    const action = await database().proxyAction.findUnique({ where: { name: proxyAction }, select: { id: true } });
    return action === null ? null : `${action.id}:${stage}:end`;
  }
  if (!z.uuid().safeParse(ruleId).success) return null;
  const rule = await database().rule.findUnique({
    where: { id: ruleId },
    select: { proxyActionId: true, ruleset: true },
  });
  return rule === null ? null : `${rule.proxyActionId}:${rule.ruleset}:${ruleId}`;
}

/** What happened to a message later, oldest first. */
export async function readFollowUps(messageId: string): Promise<FollowUp[]> {
  const later = await database().mailEvent.findMany({
    where: { messageId, kind: { in: ["delivery", "queue", "notice", "quarantine"] } },
    orderBy: [{ at: "asc" }, { id: "asc" }],
    take: followUpsMax,
    select: { detail: true },
  });
  return later.map(({ detail }) => eventSchema.parse(detail)).filter(isFollowUp);
}

function isFollowUp(event: WorkerEvent): event is FollowUp {
  const { kind } = event;
  return kind === "delivery" || kind === "queue" || kind === "notice" || kind === "quarantine";
}
