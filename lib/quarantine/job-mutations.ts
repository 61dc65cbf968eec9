import type { Permission } from "#core/contract/permission.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { announce } from "#lib/live/mutations.ts";
import type { ControlTarget } from "#lib/workers/control-client.ts";
import { asked, because, type CommandOrder, countEntries, demandOrder } from "./mutations.ts";
import type { EntryRef, QuarantineJobOrder, QuarantineResult } from "./quarantine-input.ts";
import { findAll, findKept, jobEntriesMax } from "./queries.ts";

/** Of one request to a worker. A release looks into the message again. */
const releasesAtOnce = 25;
const deletionsAtOnce = 200;
const entriesInAuditMax = 200;
const reasonsMax = 20;

/** Starts a command on everything that a search finds; the jobs of run-jobs.ts carry it out. Gives the job's id. */
export async function startJob(
  tx: Transaction,
  order: QuarantineJobOrder,
  actor: Actor,
  permissions: readonly Permission[],
): Promise<string> {
  demandOrder(order, permissions);
  const { command, reason, filter } = order;
  const found = await findAll(tx, filter);
  if (found.length === 0)
    throw new PublicError(
      "NOTHING_FOUND",
      "Nothing was done: this search finds nothing any more. The page shows what is there.",
    );
  if (found.length > jobEntriesMax)
    throw new PublicError(
      "TOO_LARGE",
      `Nothing was done: one job takes at most ${jobEntriesMax} entries. Narrow the search.`,
    );
  const malware = command === "release" && order.malware;
  const remaining = found.map(({ workerId, id }) => `${id} ${workerId}`);
  const job = { command, search: filter, reason, malware, actor: actor.name, total: found.length, remaining };
  const { id } = await tx.quarantineJob.create({ data: job });
  await appendAudit(tx, actor, {
    action: `quarantine.${command}`,
    object: countEntries(found.length),
    summary: `${actor.name} asked for ${asked[command]} of everything that a search finds${because(reason)}`,
    detail: { job: id, filter, malware, reason, asked: found.slice(0, entriesInAuditMax), count: found.length },
  });
  await announce(tx, ["quarantine"]);
  return id;
}

/** Ends a job; what is under way is carried out. */
export async function cancelJob(tx: Transaction, { jobId }: { jobId: string }, actor: Actor): Promise<void> {
  const job = await tx.quarantineJob.findUnique({ where: { id: jobId } });
  if (job === null || job.finishedAt !== null)
    throw new PublicError("NOT_FOUND", "Nothing was ended: this job is over.");
  await tx.quarantineJob.update({ where: { id: jobId }, data: { remaining: [], finishedAt: new Date() } });
  await appendAudit(tx, actor, {
    action: "quarantine.cancel",
    object: countEntries(job.remaining.length),
    summary: `${actor.name} ended a job of ${job.actor} on the quarantine before it was done.`,
    detail: { job: jobId, left: job.remaining.length, done: job.done, failed: job.failed },
  });
}

export type JobBatch = {
  order: CommandOrder;
  /** As it stands in the job. */
  batch: string[];
  entries: (EntryRef & { worker: ControlTarget })[];
  /** Those that are there no more. */
  lacking: EntryRef[];
  settled: number;
};

/** What is to be asked for next; null: the job is over. */
export async function nextBatch(tx: Transaction, jobId: string): Promise<JobBatch | null> {
  const job = await tx.quarantineJob.findUnique({ where: { id: jobId } });
  if (job === null || job.finishedAt !== null) return null;
  const isRelease = job.command === "release";
  const batch = job.remaining.slice(0, isRelease ? releasesAtOnce : deletionsAtOnce);
  const refs = batch.map(refOf);
  const kept = await findKept(tx, refs);
  const { reason, malware, actor: by } = job;
  return {
    order: isRelease ? { command: "release", malware, reason, by } : { command: "delete", reason, by },
    batch,
    entries: kept.flatMap((one, index) => {
      const ref = refs[index];
      return one === null || ref === undefined ? [] : [{ ...ref, worker: one.worker }];
    }),
    lacking: refs.filter((_ref, index) => kept[index] === null),
    settled: job.done + job.failed,
  };
}

/** Writes down what a batch came to. Nothing, when somebody else did so meanwhile. */
export async function settleBatch(
  tx: Transaction,
  jobId: string,
  { batch, settled }: JobBatch,
  results: readonly QuarantineResult[],
): Promise<void> {
  const job = await tx.quarantineJob.findUnique({ where: { id: jobId } });
  if (job === null || job.finishedAt !== null || job.done + job.failed !== settled) return;
  const refused = results.filter(({ done }) => !done);
  const remaining = job.remaining.slice(batch.length);
  const told = refused.map(({ id, reason }) => `${id}: ${reason ?? "no reason given"}`);
  const reasons = [...job.reasons, ...told].slice(0, reasonsMax);
  const done = job.done + results.length - refused.length;
  const failed = job.failed + refused.length;
  const finishedAt = remaining.length === 0 ? new Date() : null;
  // The condition is what two consoles that work on one job take turns by.
  const { count } = await tx.quarantineJob.updateMany({
    where: { id: jobId, done: job.done, failed: job.failed, finishedAt: null },
    data: { remaining, reasons, done, failed, finishedAt },
  });
  if (count === 0) return;
  if (finishedAt !== null)
    await appendAudit(
      tx,
      { name: job.actor, address: null },
      {
        action: "quarantine.job",
        object: countEntries(job.total),
        summary: `Done for ${done}, refused or not confirmed for ${failed}: ${job.command === "release" ? asked.release : asked.delete}.`,
        detail: { job: jobId, done, failed, reasons },
      },
    );
  await announce(tx, ["quarantine"]);
}

function refOf(text: string): EntryRef {
  const [id = "", ...workerId] = text.split(" ");
  return { id, workerId: workerId.join(" ") };
}
