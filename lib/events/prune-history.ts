import { database } from "#lib/db.ts";
import { deleteInParts } from "#lib/jobs/delete-in-parts.ts";

const dayMs = 24 * 3_600_000;

/** Deletes events, traffic and hits of rules that are older than `days`, but for the last hit of each rule; gives how many rows. The audit log stays. */
export async function pruneHistory(now: Date, days: number): Promise<number> {
  const before = new Date(now.getTime() - days * dayMs);
  const events = await deleteInParts(
    (count) => database().$executeRaw`
      DELETE FROM "MailEvent" WHERE "id" IN (
        SELECT "id" FROM "MailEvent" WHERE "at" < ${before} ORDER BY "at" DESC LIMIT ${count} FOR UPDATE SKIP LOCKED)`,
  );
  const minutes = await deleteInParts(
    (count) => database().$executeRaw`
      DELETE FROM "TrafficMinute" WHERE ctid IN (
        SELECT ctid FROM "TrafficMinute" WHERE "minute" < ${before} LIMIT ${count} FOR UPDATE SKIP LOCKED)`,
  );
  const hits = await deleteInParts(
    (count) => database().$executeRaw`
      DELETE FROM "RuleHit" WHERE ctid IN (
        SELECT ctid FROM "RuleHit" "old" WHERE "hour" < ${before}
          AND EXISTS (SELECT FROM "RuleHit" "later" WHERE "later"."ruleId" = "old"."ruleId" AND "later"."hour" > "old"."hour")
        LIMIT ${count} FOR UPDATE SKIP LOCKED)`,
  );
  return events + minutes + hits;
}
