import type { Actor } from "#lib/actor.ts";
import type { Permission } from "#lib/auth/permissions.ts";
import { transaction } from "#lib/db.ts";
import { nextBatch, settleBatch, startJob } from "./job-mutations.ts";
import { askWorkers } from "./mutations.ts";
import type { QuarantineJobOrder } from "./quarantine-input.ts";
import { unfinishedJobs } from "./queries.ts";

const holder = globalThis as typeof globalThis & { posternQuarantineJobs?: Promise<void> | undefined };

/** Starts a job and lets it run. Gives its id. */
export async function beginJob(
  order: QuarantineJobOrder,
  actor: Actor,
  permissions: readonly Permission[],
): Promise<string> {
  const id = await transaction((tx) => startJob(tx, order, actor, permissions));
  resumeJobs();
  return id;
}

/** Goes on with the jobs that are not done; when it cannot, the next start of the console or of a job does. */
export function resumeJobs(): void {
  runJobs().catch((error: unknown) => console.error("the jobs on the quarantine stopped", error));
}

/**
 * Carries out every job that is not done, batch by batch, and resolves when none is left. Also after a restart: what was asked for and not
 * written down is asked for again, which harms nothing. Called while it runs it runs once more.
 */
export function runJobs(): Promise<void> {
  const before = holder.posternQuarantineJobs ?? Promise.resolve();
  holder.posternQuarantineJobs = before.then(runAll, runAll);
  return holder.posternQuarantineJobs;
}

async function runAll(): Promise<void> {
  for (let jobs = await unfinishedJobs(); jobs.length > 0; jobs = await unfinishedJobs()) {
    for (const job of jobs) await runJob(job);
  }
}

async function runJob(jobId: string): Promise<void> {
  for (;;) {
    const next = await transaction((tx) => nextBatch(tx, jobId));
    if (next === null) return;
    const asked = await askWorkers(next.order, next.entries);
    const lacking = next.lacking.map((ref) => ({ ...ref, done: false, reason: "It is not in quarantine any more." }));
    await transaction((tx) => settleBatch(tx, jobId, next, [...asked, ...lacking]));
  }
}
