import { database } from "#lib/db.ts";
import { deleteInParts } from "#lib/jobs/delete-in-parts.ts";

const dayMs = 24 * 3_600_000;

/** Deletes events and traffic that are older than `days`; gives how many rows. The audit log stays. */
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
  return events + minutes;
}
