import type { Transaction } from "#lib/db.ts";

/** The revision that a worker should enforce. */
export type MeantRevision = { number: number; digest: string };

/** The newest revision that is everywhere or begins with this worker; null before the first publish. */
export function meantRevision(tx: Transaction, workerId: string): Promise<MeantRevision | null> {
  const beginsWithIt = { firstWorkers: { has: workerId } };
  return tx.revision.findFirst({
    where: { OR: [{ rollout: null }, { rollout: { ending: "everywhere" } }, { rollout: beginsWithIt }] },
    orderBy: { number: "desc" },
    select: { number: true, digest: true },
  });
}
