import type { WorkerEvent } from "#core/contract/event.ts";
import type { Report } from "#core/contract/report.ts";
import type { Transaction } from "#lib/db.ts";
import { announce } from "#lib/live/mutations.ts";
import type { Topic } from "#lib/live/topics.ts";
import { storableJson, storableJsonText } from "#lib/storable-json.ts";
import { eventRow } from "./event-row.ts";

/** The charts go back a week. */
const queueMinuteDays = 8;
const prunedAtOnce = 500;

/**
 * Applies a worker's report once: events, counters, queue, quarantine and status. Returns the last sequence that was applied, which for a
 * repeat is what it was. Returns null when there is no such worker. Workers wait for each other only at their own row.
 */
export async function applyReport(tx: Transaction, report: Report, now: Date): Promise<number | null> {
  const { workerId, sequence, status } = report;
  const rows = await tx.$queryRaw<{ lastSequence: number }[]>`
    SELECT "lastSequence" FROM "Worker" WHERE "id" = ${workerId} FOR UPDATE`;
  const [worker] = rows;
  if (worker === undefined) return null;
  if (sequence <= worker.lastSequence) return worker.lastSequence;
  await addEvents(tx, report);
  await noteQueue(tx, report);
  await addRuleHits(tx, report);
  await changeQueue(tx, report);
  await changeQuarantine(tx, report);
  await tx.worker.update({
    where: { id: workerId },
    data: {
      lastSequence: sequence,
      lastSeenAt: now,
      appliedRevision: status.revision,
      appliedDigest: status.digest,
      status: storableJson(status) ?? {},
    },
  });
  const confirmed = await confirmRevision(tx, report, now);
  const topics = topicsOf(report);
  await announce(tx, confirmed ? [...new Set<Topic>([...topics, "draft", "overview"])] : topics);
  return sequence;
}

/**
 * What a worker reports as in force it has taken, whatever became of the answer to its push (a timeout, a console that ended
 * meanwhile). Tells whether that was news.
 */
async function confirmRevision(tx: Transaction, { workerId, status }: Report, now: Date): Promise<boolean> {
  const changed = await tx.$executeRaw`
    INSERT INTO "Acknowledgement" ("revisionNumber", "workerId", "at", "applied", "error")
    SELECT "number", ${workerId}, ${now}, true, NULL FROM "Revision"
    WHERE "number" = ${status.revision} AND "digest" = ${status.digest}
    ON CONFLICT ("revisionNumber", "workerId") DO UPDATE
    SET "at" = EXCLUDED."at", "applied" = true, "error" = NULL WHERE NOT "Acknowledgement"."applied"`;
  return changed > 0;
}

/** A report of many events is one statement: the events that are new count into their minute's numbers, the others do not. */
async function addEvents(tx: Transaction, { workerId, events }: Report): Promise<void> {
  if (events.length === 0) return;
  const rows = storableJsonText(events.map((event) => ({ ...eventRow(event), workerId, detail: told(event) })));
  const judged = storableJsonText(
    events.flatMap((event) =>
      event.kind === "message" && event.judged !== undefined ? [{ id: event.id, facts: event.judged }] : [],
    ),
  );
  await tx.$executeRaw`
    WITH "added" AS (
      INSERT INTO "MailEvent"
      SELECT * FROM jsonb_populate_recordset(NULL::"MailEvent", ${rows}::jsonb)
      ON CONFLICT ("id") DO NOTHING
      RETURNING "id", "at", "kind", "workerId", "interface", "protocol", "verdict", "bytes", "outcome",
                "policy", "ruleId", "revision", nullif("detail"->>'route', '') AS "route"
    ), "judged" AS (
      INSERT INTO "MessageFacts" ("eventId", "at", "interface", "protocol", "policy", "verdict", "ruleId", "revision", "facts")
      SELECT "id", "at", "interface", "protocol", "policy", "verdict", "ruleId", "revision", "facts"
      FROM jsonb_to_recordset(${judged}::jsonb) AS "of"("id" text, "facts" text) JOIN "added" USING ("id")
      ON CONFLICT DO NOTHING
    ), "queued" AS (
      INSERT INTO "QueueMinute" ("route", "minute", "workerId", "arrivals", "deliveries")
      SELECT "of"."route", date_trunc('minute', "at", 'UTC'), "workerId", count(*) FILTER (WHERE "kind" = 'message'),
             count(*) FILTER (WHERE "kind" = 'delivery')
      FROM "added", LATERAL (VALUES (''), ("added"."route")) AS "of"("route")
      WHERE ("kind", "outcome") IN (('message', 'spooled'), ('delivery', 'delivered')) AND "of"."route" IS NOT NULL
      GROUP BY 1, 2, 3
      ON CONFLICT ("route", "minute", "workerId") DO UPDATE
      SET "arrivals" = "QueueMinute"."arrivals" + EXCLUDED."arrivals",
          "deliveries" = "QueueMinute"."deliveries" + EXCLUDED."deliveries"
    )
    INSERT INTO "TrafficMinute" ("minute", "workerId", "interface", "protocol", "verdict", "messages", "bytes")
    SELECT date_trunc('minute', "at", 'UTC'), "workerId", "interface", "protocol", "verdict", count(*), sum("bytes")
    FROM "added" WHERE "kind" = 'message'
    GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT ("minute", "workerId", "interface", "protocol", "verdict") DO UPDATE
    SET "messages" = "TrafficMinute"."messages" + EXCLUDED."messages",
        "bytes" = "TrafficMinute"."bytes" + EXCLUDED."bytes"`;
}

/** What the event itself keeps: what rules were asked about lies apart, for a shorter time. */
function told(event: WorkerEvent): Omit<WorkerEvent, "judged"> {
  if (event.kind !== "message") return event;
  const { judged: _, ...others } = event;
  return others;
}

/** How long the queue is, as a whole and by route; the last word of a minute stands. What no chart goes back to is deleted. */
async function noteQueue(tx: Transaction, { workerId, at, status: { queue, routes } }: Report): Promise<void> {
  const byRoute = routes.filter(({ protocol }) => protocol === "smtp");
  const told = [{ route: "", queued: queue.depth, oldestAt: queue.oldestAt }, ...byRoute];
  await tx.$executeRaw`
    INSERT INTO "QueueMinute" ("route", "minute", "workerId", "depth", "oldestAt")
    SELECT "route", date_trunc('minute', ${at}::timestamptz, 'UTC'), ${workerId}, sum("queued"), min("oldestAt")
    FROM jsonb_to_recordset(${storableJsonText(told)}::jsonb) AS "told"("route" text, "queued" int, "oldestAt" timestamptz)
    GROUP BY 1
    ON CONFLICT ("route", "minute", "workerId") DO UPDATE
    SET "depth" = EXCLUDED."depth", "oldestAt" = EXCLUDED."oldestAt"`;
  // What another worker's report deletes now is its own matter.
  await tx.$executeRaw`
    DELETE FROM "QueueMinute" WHERE ("route", "minute", "workerId") IN (
      SELECT "route", "minute", "workerId" FROM "QueueMinute"
      WHERE "minute" < ${at}::timestamptz - make_interval(days => ${queueMinuteDays}::int)
      LIMIT ${prunedAtOnce} FOR UPDATE SKIP LOCKED)`;
}

async function addRuleHits(tx: Transaction, { at, counters }: Report): Promise<void> {
  if (counters.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO "RuleHit" ("ruleId", "hour", "enforced", "observed", "lastAt")
    SELECT "ruleId", date_trunc('hour', ${at}::timestamptz, 'UTC'), sum("enforced"), sum("observed"), ${at}::timestamptz
    FROM jsonb_to_recordset(${storableJsonText(counters)}::jsonb) AS "hits"("ruleId" text, "enforced" int, "observed" int)
    WHERE NOT EXISTS (
      SELECT FROM "RuleReset" "reset" WHERE "reset"."ruleId" = "hits"."ruleId" AND "reset"."at" >= ${at}::timestamptz)
    GROUP BY 1
    ORDER BY 1
    ON CONFLICT ("ruleId", "hour") DO UPDATE
    SET "enforced" = "RuleHit"."enforced" + EXCLUDED."enforced", "observed" = "RuleHit"."observed" + EXCLUDED."observed",
        "lastAt" = greatest("RuleHit"."lastAt", EXCLUDED."lastAt")`;
}

async function changeQueue(tx: Transaction, { workerId, queue }: Report): Promise<void> {
  if (queue.reset) await tx.queueEntry.deleteMany({ where: { workerId } });
  if (queue.removals.length > 0) await tx.queueEntry.deleteMany({ where: { workerId, id: { in: queue.removals } } });
  if (queue.upserts.length === 0) return;
  // One statement cannot change a row twice: the last word about an entry counts.
  const latest = new Map(queue.upserts.map((entry) => [entry.id, { ...entry, workerId }]));
  const rows = storableJsonText([...latest.values()]);
  await tx.$executeRaw`
    INSERT INTO "QueueEntry" SELECT * FROM jsonb_populate_recordset(NULL::"QueueEntry", ${rows}::jsonb)
    ON CONFLICT ("workerId", "id") DO UPDATE
    SET "recipients" = EXCLUDED."recipients", "route" = EXCLUDED."route", "subject" = EXCLUDED."subject",
        "state" = EXCLUDED."state", "attempts" = EXCLUDED."attempts", "lastReply" = EXCLUDED."lastReply",
        "lastAttemptAt" = EXCLUDED."lastAttemptAt", "nextAttemptAt" = EXCLUDED."nextAttemptAt",
        "destination" = EXCLUDED."destination", "cause" = EXCLUDED."cause"`;
}

async function changeQuarantine(tx: Transaction, { workerId, quarantine }: Report): Promise<void> {
  const { reset, removals, upserts } = quarantine;
  if (reset) await tx.quarantineEntry.deleteMany({ where: { workerId } });
  if (removals.length > 0) await tx.quarantineEntry.deleteMany({ where: { workerId, id: { in: removals } } });
  if (upserts.length === 0) return;
  const latest = new Map(upserts.map((entry) => [entry.id, { ...entry, workerId }]));
  const rows = storableJsonText([...latest.values()]);
  // What an entry is never changes; only what became of it.
  await tx.$executeRaw`
    INSERT INTO "QuarantineEntry" SELECT * FROM jsonb_populate_recordset(NULL::"QuarantineEntry", ${rows}::jsonb)
    ON CONFLICT ("workerId", "id") DO UPDATE
    SET "state" = EXCLUDED."state", "releasedTo" = EXCLUDED."releasedTo", "expiresAt" = EXCLUDED."expiresAt"`;
}

function topicsOf({ events, counters, queue, quarantine }: Report): Topic[] {
  const topics: Topic[] = ["workers"];
  if (events.length > 0 || counters.length > 0) topics.push("messages", "overview");
  if (hasChanges(quarantine)) topics.push("quarantine", "overview");
  if (hasChanges(queue)) topics.push("queue", "overview");
  return [...new Set(topics)];
}

function hasChanges({ reset, upserts, removals }: Report["queue"] | Report["quarantine"]): boolean {
  return reset || upserts.length > 0 || removals.length > 0;
}
