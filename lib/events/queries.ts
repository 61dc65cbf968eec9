import { timingSafeEqual } from "node:crypto";
import { database } from "#lib/db.ts";
import { reportTokenHash } from "#lib/workers/tokens.ts";

/** The id of the worker whose report token this is, or null. */
export async function workerOfReportToken(token: string): Promise<string | null> {
  const hash = Buffer.from(reportTokenHash(token));
  const workers = await database().worker.findMany({ select: { id: true, reportTokenHash: true } });
  // Every row is compared, so that the time taken says nothing about which one it is.
  const matches = workers.filter((worker) => {
    const stored = Buffer.from(worker.reportTokenHash);
    return stored.length === hash.length && timingSafeEqual(stored, hash);
  });
  return matches[0]?.id ?? null;
}
