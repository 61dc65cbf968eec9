import type { Actor } from "#lib/actor.ts";
import { transaction } from "#lib/db.ts";
import { type JobKind, resumeJobs } from "#lib/jobs/job-runner.ts";
import { askWorkers } from "./ask-workers.ts";
import { nextBatch, settleBatch, startJob } from "./job-mutations.ts";
import { unfinishedJobs } from "./queries.ts";
import type { QueueJobOrder } from "./selection.ts";

export const queueJobs: JobKind = { name: "queue", unfinished: unfinishedJobs, step: runBatch };

/** Starts a job and lets it run. Gives its id. */
export async function beginJob(order: QueueJobOrder, actor: Actor): Promise<string> {
  const id = await transaction((tx) => startJob(tx, order, actor, new Date()));
  resumeJobs(queueJobs);
  return id;
}

async function runBatch(jobId: string): Promise<boolean> {
  const next = await transaction((tx) => nextBatch(tx, jobId));
  if (next === null) return false;
  const results = await askWorkers(next.order, next.entries, next.workers);
  await transaction((tx) => settleBatch(tx, jobId, next, results));
  return true;
}
