import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { announce } from "#lib/live/mutations.ts";
import { lockPolicy } from "./draft-lock.ts";

/** How a roll-out ended. superseded: another revision was published meanwhile. */
export type RolloutEnding = "everywhere" | "reverted" | "superseded";

/** The roll-out that goes on, or null: at most one does, that of the newest revision. */
export function openRollout(tx: Transaction) {
  return tx.rollout.findFirst({ where: { ending: null }, orderBy: { number: "desc" } });
}

/** While a revision is at its first workers only, no other one begins so: the others would have to skip it. */
export async function refuseSecondRollout(tx: Transaction): Promise<void> {
  const open = await openRollout(tx);
  if (open === null) return;
  const words = `Not published: r${open.number} is at its first workers only. Give it to all workers or take it back, then publish the next one.`;
  throw new PublicError("REVISION_UNSETTLED", words);
}

type Beginning = { number: number; previous: number; workers: readonly string[] };

/** The revision `number` goes to these workers only, until somebody gives it to all. Fails with INPUT_INVALID where that is none, or all of them. */
export async function beginRollout(
  tx: Transaction,
  actor: Actor,
  { number, previous, workers }: Beginning,
): Promise<void> {
  const enrolled = new Set((await tx.worker.findMany({ select: { id: true } })).map(({ id }) => id));
  const firstWorkers = [...new Set(workers)];
  const unknown = firstWorkers.filter((id) => !enrolled.has(id));
  if (unknown.length > 0)
    throw new PublicError(
      "REF_MISSING",
      `Not published: no such worker is enrolled: ${unknown.join(", ")}. Choose among those that are.`,
    );
  if (firstWorkers.length === 0 || firstWorkers.length === enrolled.size)
    throw new PublicError(
      "INPUT_INVALID",
      "Not published: the first workers are none, or all of them. Choose some, or publish to all at once.",
    );
  await tx.rollout.create({ data: { number, previous, firstWorkers, startedBy: actor.name } });
}

/** Ends the roll-out that goes on, if one does. */
export async function endOpenRollout(tx: Transaction, actor: Actor, ending: RolloutEnding): Promise<void> {
  await tx.rollout.updateMany({
    where: { ending: null },
    data: { ending, endedAt: new Date(), endedBy: actor.name },
  });
}

/** A revision that is at its first workers goes to all of them. Fails with REVISION_SETTLED when its roll-out is over. */
export async function widenRollout(tx: Transaction, actor: Actor, { number }: { number: number }): Promise<void> {
  await lockPolicy(tx);
  const open = await openRollout(tx);
  if (open?.number !== number)
    throw new PublicError(
      "REVISION_SETTLED",
      `Nothing was done: r${number} is not at its first workers any more. The page shows what is live now.`,
    );
  await endOpenRollout(tx, actor, "everywhere");
  // A trial goes on, and from now on it looks at all queues.
  await tx.revisionTrial.updateMany({ where: { ending: null }, data: { queued: await countQueued(tx, null) } });
  await appendAudit(tx, actor, {
    action: "revision.widen",
    object: `revision r${number}`,
    summary: `${actor.name} gave r${number} to all workers; ${open.firstWorkers.join(", ")} had it first.`,
    detail: { number, firstWorkers: open.firstWorkers },
  });
  await announce(tx, ["draft", "workers", "overview"]);
}

/** How many messages wait in the queues of these workers; null: of all. */
export function countQueued(tx: Transaction, workers: string[] | null): Promise<number> {
  return tx.queueEntry.count({ where: workers === null ? {} : { workerId: { in: workers } } });
}
