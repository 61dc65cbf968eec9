import { database } from "#lib/db.ts";

const dayMs = 86_400_000;
const prunedAtOnce = 5_000;

/** Deletes the facts of messages that are older than `days`; gives how many. */
export async function pruneMessageFacts(now: Date, days: number): Promise<number> {
  const before = new Date(now.getTime() - days * dayMs);
  let pruned = 0;
  for (let last = prunedAtOnce; last === prunedAtOnce; pruned += last) {
    // Reports wait for no long statement.
    last = await database().$executeRaw`
      DELETE FROM "MessageFacts" WHERE "eventId" IN (
        SELECT "eventId" FROM "MessageFacts" WHERE "at" < ${before} ORDER BY "at" LIMIT ${prunedAtOnce}
        FOR UPDATE SKIP LOCKED)`;
  }
  return pruned;
}
