import { z } from "zod";
import { type Verdict, verdictSchema } from "#core/contract/decision.ts";
import { database } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { type InterfaceScope, inScope } from "#lib/interfaces/scope.ts";
import { meantRevision } from "#lib/workers/meant-revision.ts";
import type { RefusedPush } from "./attention.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const chartMinutes = 60;
const topRulesMax = 5;
const recentChangesMax = 5;

/** One minute of traffic: messages by verdict; a verdict that did not occur is absent. */
export type MinuteOfTraffic = { minute: string; byVerdict: Partial<Record<Verdict, number>> };

const minuteRowSchema = z.object({ minute: z.date(), verdict: verdictSchema, messages: z.number() });

/** The last 60 minutes, the running one last; minutes without traffic are there too. */
export async function lastHourOfTraffic(scope: InterfaceScope | null, now: Date): Promise<MinuteOfTraffic[]> {
  const runningMinute = Math.floor(now.getTime() / minuteMs) * minuteMs;
  const first = runningMinute - (chartMinutes - 1) * minuteMs;
  const found = await database().$queryRaw`
    SELECT minute, verdict, sum(messages)::int AS messages FROM "TrafficMinute"
    WHERE minute >= ${new Date(first)} AND minute <= ${new Date(runningMinute)} AND ${inScope(scope)}
    GROUP BY minute, verdict`;
  const minutes = Array.from(
    { length: chartMinutes },
    (_, index): MinuteOfTraffic => ({
      minute: new Date(first + index * minuteMs).toISOString(),
      byVerdict: {},
    }),
  );
  for (const { minute, verdict, messages } of z.array(minuteRowSchema).parse(found)) {
    const slot = minutes[Math.round((minute.getTime() - first) / minuteMs)];
    if (slot) slot.byVerdict[verdict] = messages;
  }
  return minutes;
}

/** Of rows that name their interface. */
function named(scope: InterfaceScope | null): { interface?: { in: string[] } } {
  return scope === null ? {} : { interface: { in: scope.names } };
}

export type TrafficNow = { messagesLastMinute: number; anyMessageEver: boolean };

export async function trafficNow(scope: InterfaceScope | null, now: Date): Promise<TrafficNow> {
  const [messagesLastMinute, one] = await Promise.all([
    database().mailEvent.count({
      where: { kind: "message", at: { gt: new Date(now.getTime() - minuteMs) }, ...named(scope) },
    }),
    database().mailEvent.findFirst({ where: { kind: { in: ["message", "session"] } }, select: { id: true } }),
  ]);
  return { messagesLastMinute, anyMessageEver: one !== null };
}

export type QueueSummary = { depth: number; failed: number; oldestAt: string | null };

export async function queueSummary(scope: InterfaceScope | null): Promise<QueueSummary> {
  const [all, failed] = await Promise.all([
    database().queueEntry.aggregate({ where: named(scope), _count: true, _min: { receivedAt: true } }),
    database().queueEntry.count({ where: { state: "failed", ...named(scope) } }),
  ]);
  return { depth: all._count, failed, oldestAt: all._min.receivedAt?.toISOString() ?? null };
}

/** Messages in the whole queue that no attempt is left for. */
export function failedMessages(): Promise<number> {
  return database().queueEntry.count({ where: { state: "failed" } });
}

const topRuleSchema = z.object({
  ruleId: z.string(),
  name: z.string().nullable(),
  enforced: z.number(),
  observed: z.number(),
});
export type TopRule = z.infer<typeof topRuleSchema>;

/** The rules that matched most in the last 24 hours, of those that what enters at an interface meets. The name is the draft's, or the last one seen in an event. */
export async function topRules(scope: InterfaceScope | null, now: Date): Promise<TopRule[]> {
  const met =
    scope === null
      ? Prisma.sql`TRUE`
      : Prisma.sql`hit."ruleId" IN (
          SELECT rule.id::text FROM "Rule" rule JOIN "Policy" policy ON policy."proxyActionId" = rule."proxyActionId"
          WHERE policy."fromInterfaceId" = ${scope.id}::uuid)`;
  const found = await database().$queryRaw`
    SELECT hit."ruleId", sum(hit.enforced)::int AS enforced, sum(hit.observed)::int AS observed,
           coalesce((SELECT rule.name FROM "Rule" rule WHERE rule.id::text = hit."ruleId"),
                    (SELECT event."ruleName" FROM "MailEvent" event
                     WHERE event."ruleId" = hit."ruleId" ORDER BY event.at DESC LIMIT 1)) AS name
    FROM "RuleHit" hit WHERE hit.hour > ${new Date(now.getTime() - dayMs)} AND ${met}
    GROUP BY hit."ruleId"
    ORDER BY sum(hit.enforced) + sum(hit.observed) DESC, hit."ruleId" LIMIT ${topRulesMax}`;
  return z.array(topRuleSchema).parse(found);
}

export type RecentChange = { sequence: string; at: string; actor: string; object: string; summary: string };

/** What people last did, without sign-ins and sign-outs. */
export async function recentChanges(): Promise<RecentChange[]> {
  const rows = await database().auditEntry.findMany({
    where: { NOT: { action: { startsWith: "session." } } },
    orderBy: { sequence: "desc" },
    take: recentChangesMax,
    select: { sequence: true, at: true, actor: true, object: true, summary: true },
  });
  return rows.map((row) => ({ ...row, sequence: row.sequence.toString(), at: row.at.toISOString() }));
}

/** The workers that answered the revision that they should have with a refusal. */
export async function refusedPushes(): Promise<RefusedPush[]> {
  const workers = await database().worker.findMany({ orderBy: { id: "asc" }, select: { id: true, name: true } });
  const refused = await Promise.all(workers.map(async (worker) => refusedPush(worker)));
  return refused.filter((push) => push !== null);
}

async function refusedPush({ id, name }: { id: string; name: string }): Promise<RefusedPush | null> {
  const meant = await meantRevision(database(), id);
  if (meant === null) return null;
  const answer = await database().acknowledgement.findUnique({
    where: { revisionNumber_workerId: { revisionNumber: meant.number, workerId: id } },
  });
  if (answer === null || answer.applied) return null;
  return { workerName: name, revision: meant.number, error: answer.error };
}

const alarmsMax = 20;
const alarmSchema = z.object({
  ruleId: z.string().nullable(),
  ruleName: z.string().nullable(),
  matches: z.number(),
  lastAt: z.date(),
});
/** A rule with an alarm that matched, or, without a rule, records of sessions that raised one. */
export type RungAlarm = z.infer<typeof alarmSchema>;

/** What rang an alarm in the last 24 hours, the latest first. */
export async function rungAlarms(now: Date): Promise<RungAlarm[]> {
  const since = new Date(now.getTime() - dayMs);
  const found = await database().$queryRaw`
    SELECT rung->>'ruleId' AS "ruleId", max(rung->>'ruleName') AS "ruleName", count(*)::int AS matches, max(at) AS "lastAt"
    FROM "MailEvent", jsonb_array_elements(detail #> '{decision,alarms}') AS rung
    WHERE alarm AND at > ${since}
    GROUP BY rung->>'ruleId'
    UNION ALL
    SELECT NULL, NULL, count(*)::int, max(at) FROM "MailEvent"
    WHERE alarm AND kind = 'connection' AND at > ${since} HAVING count(*) > 0
    ORDER BY "lastAt" DESC LIMIT ${alarmsMax}`;
  return z.array(alarmSchema).parse(found);
}

/** The number of the revision that is live; null before the first publish. */
export async function liveRevisionNumber(): Promise<number | null> {
  const { _max } = await database().revision.aggregate({ _max: { number: true } });
  return _max.number;
}
