import type { Permission } from "#core/contract/permission.ts";
import type { Actor } from "#lib/actor.ts";
import { transaction } from "#lib/db.ts";
import { type JobKind, resumeJobs } from "#lib/jobs/job-runner.ts";
import { nextBatch, settleBatch, startJob } from "./job-mutations.ts";
import { askWorkers } from "./mutations.ts";
import type { QuarantineJobOrder } from "./quarantine-input.ts";
import { unfinishedJobs } from "./queries.ts";

export const quarantineJobs: JobKind = { name: "quarantine", unfinished: unfinishedJobs, step: runBatch };

/** Starts a job and lets it run. Gives its id. */
export async function beginJob(
  order: QuarantineJobOrder,
  actor: Actor,
  permissions: readonly Permission[],
): Promise<string> {
  const id = await transaction((tx) => startJob(tx, order, actor, permissions));
  resumeJobs(quarantineJobs);
  return id;
}

async function runBatch(jobId: string): Promise<boolean> {
  const next = await transaction((tx) => nextBatch(tx, jobId));
  if (next === null) return false;
  const asked = await askWorkers(next.order, next.entries);
  const lacking = next.lacking.map((ref) => ({ ...ref, done: false, reason: "It is not in quarantine any more." }));
  await transaction((tx) => settleBatch(tx, jobId, next, [...asked, ...lacking]));
  return true;
}
