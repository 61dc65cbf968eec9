import { queueCommandIdsMax, queueCommandRequestSchema } from "#core/contract/control-api.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { announce } from "#lib/live/mutations.ts";
import type { ControlTarget } from "#lib/workers/control-client.ts";
import type { QueueOrder } from "./ask-workers.ts";
import { asked, countMessages, orderOf } from "./mutations.ts";
import { countFound, findNext } from "./queries.ts";
import { queueFilterSchema } from "./search.ts";
import type { QueueCommandResult, QueueJobOrder, QueueRef } from "./selection.ts";

const reasonsMax = 20;

/** Starts a command on everything that a search finds at `now`; the jobs of run-jobs.ts carry it out. Gives the job's id. */
export async function startJob(tx: Transaction, order: QueueJobOrder, actor: Actor, now: Date): Promise<string> {
  const { command, text, route, filter } = order;
  const total = await countFound(tx, filter, now);
  if (total === 0)
    throw new PublicError(
      "NOTHING_FOUND",
      "Nothing was done: this search finds nothing any more. The page shows what is there.",
    );
  const { id } = await tx.queueJob.create({
    data: {
      command,
      text: text ?? null,
      route: route ?? null,
      search: filter,
      actor: actor.name,
      createdAt: now,
      total,
      reasons: [],
    },
  });
  await appendAudit(tx, actor, {
    action: `queue.${command}`,
    object: countMessages(total),
    summary: `${actor.name} asked for ${asked[command]} of everything in the queue that a search finds.`,
    detail: { job: id, filter, count: total, ...orderOf(order) },
  });
  await announce(tx, ["queue"]);
  return id;
}

/** Ends a job; what is under way is carried out. */
export async function cancelJob(tx: Transaction, { jobId }: { jobId: string }, actor: Actor): Promise<void> {
  const { count } = await tx.queueJob.updateMany({
    where: { id: jobId, finishedAt: null },
    data: { finishedAt: new Date() },
  });
  if (count === 0) throw new PublicError("NOT_FOUND", "Nothing was ended: this job is over.");
  const job = await tx.queueJob.findUniqueOrThrow({ where: { id: jobId } });
  await appendAudit(tx, actor, {
    action: "queue.cancel",
    object: countMessages(Math.max(0, job.total - job.done - job.failed)),
    summary: `${actor.name} ended a job of ${job.actor} on the queue before it was done.`,
    detail: { job: jobId, done: job.done, failed: job.failed },
  });
}

export type QueueBatch = {
  order: QueueOrder;
  entries: QueueRef[];
  workers: Map<string, ControlTarget>;
  /** Where the next batch begins. */
  after: { at: Date; id: string };
  settled: number;
};

/** What is to be asked for next, in order of receivedAt and id; null: the job is over, and that is written down. */
export async function nextBatch(tx: Transaction, jobId: string): Promise<QueueBatch | null> {
  const job = await tx.queueJob.findUnique({ where: { id: jobId } });
  if (job === null || job.finishedAt !== null) return null;
  const { createdAt, afterAt, afterId } = job;
  const found = await findNext(tx, queueFilterSchema.parse(job.search), {
    now: createdAt,
    after: afterAt === null || afterId === null ? null : { at: afterAt, id: afterId },
    countMax: queueCommandIdsMax,
  });
  const last = found.at(-1);
  if (last === undefined) {
    await finish(tx, jobId);
    return null;
  }
  const workers = await tx.worker.findMany({ select: { id: true, controlUrl: true, controlTokenSealed: true } });
  const { command } = queueCommandRequestSchema.pick({ command: true }).parse({ command: job.command });
  return {
    order: {
      ...orderOf({ command, text: job.text ?? undefined, route: job.route ?? undefined }),
      by: job.actor,
    },
    entries: found.map(({ workerId, id }) => ({ workerId, id })),
    workers: new Map(workers.map((worker) => [worker.id, worker])),
    after: { at: last.receivedAt, id: last.id },
    settled: job.done + job.failed,
  };
}

/** Writes down what a batch came to. Nothing, when somebody else did so meanwhile; what was carried out of a job that was ended counts. */
export async function settleBatch(
  tx: Transaction,
  jobId: string,
  { after, settled }: QueueBatch,
  results: readonly QueueCommandResult[],
): Promise<void> {
  const job = await tx.queueJob.findUnique({ where: { id: jobId } });
  if (job === null || job.done + job.failed !== settled) return;
  const refused = results.filter(({ done }) => !done);
  const told = refused.map(({ id, reason }) => `${id}: ${reason ?? "no reason given"}`);
  // The condition is what two consoles that work on one job take turns by.
  await tx.queueJob.updateMany({
    where: { id: jobId, done: job.done, failed: job.failed },
    data: {
      done: job.done + results.length - refused.length,
      failed: job.failed + refused.length,
      reasons: [...job.reasons, ...told].slice(0, reasonsMax),
      afterAt: after.at,
      afterId: after.id,
    },
  });
  await announce(tx, ["queue"]);
}

/** What left the queue before its turn is not counted any more: a job that ran to its end is done for all that it found. */
async function finish(tx: Transaction, jobId: string): Promise<void> {
  const { count } = await tx.queueJob.updateMany({
    where: { id: jobId, finishedAt: null },
    data: { finishedAt: new Date() },
  });
  if (count === 0) return;
  const { actor, command, done, failed, reasons } = await tx.queueJob.findUniqueOrThrow({ where: { id: jobId } });
  await tx.queueJob.update({ where: { id: jobId }, data: { total: done + failed } });
  await appendAudit(
    tx,
    { name: actor, address: null },
    {
      action: "queue.job",
      object: countMessages(done + failed),
      summary: `A job on the queue is over: done for ${done}, refused or not confirmed for ${failed}.`,
      detail: { job: jobId, command, done, failed, reasons },
    },
  );
  await announce(tx, ["queue"]);
}
