import type { QueueCommand } from "#core/contract/queue.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { type Transaction, transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import type { ControlTarget } from "#lib/workers/control-client.ts";
import { askWorkers, type QueueOrder } from "./ask-workers.ts";
import type { QueueCommandResult, QueueRef, QueueSelection } from "./selection.ts";

/** Of each message: a row of the log about a thousand messages with thousands of recipients must stay readable. */
const recipientsInAuditMax = 20;

export const asked: Record<QueueCommand, string> = {
  "retry-now": "another delivery attempt now",
  hold: "a hold",
  release: "a release",
  delete: "deletion without a bounce",
  return: "a return to the sender",
  bounce: "deletion with a notice to the sender",
  reroute: "another route",
};

/**
 * Asks the workers to carry out a command, message by message. The audit row is committed before any worker is asked, so that no
 * effect can be without one; what was not done gets a second row. The queue's rows change only when the workers report it.
 */
export async function commandQueue(selection: QueueSelection, actor: Actor): Promise<QueueCommandResult[]> {
  const workers = await transaction((tx) => announceCommand(tx, selection, actor));
  const results = await askWorkers({ ...orderOf(selection), by: actor.name }, selection.entries, workers);
  const refused = results.filter(({ done }) => !done);
  if (refused.length > 0) await transaction((tx) => auditRefusals(tx, selection, refused, actor));
  return results;
}

/** What the workers are asked for. */
export function orderOf({ command, text, route }: Omit<QueueOrder, "by">): Omit<QueueOrder, "by"> {
  return { command, ...(text === undefined ? {} : { text }), ...(route === undefined ? {} : { route }) };
}

async function announceCommand(
  tx: Transaction,
  selection: QueueSelection,
  actor: Actor,
): Promise<Map<string, ControlTarget>> {
  const { command, entries } = selection;
  const known = await tx.queueEntry.findMany({
    where: { OR: entries.map(({ workerId, id }) => ({ workerId, id })) },
    select: { workerId: true, id: true, sender: true, recipients: true, state: true, route: true },
  });
  const before = known.map(({ recipients, ...entry }) => ({
    ...entry,
    recipients: recipients.slice(0, recipientsInAuditMax),
    recipientCount: recipients.length,
  }));
  await appendAudit(tx, actor, {
    action: `queue.${command}`,
    object: countMessages(entries.length),
    summary: `${actor.name} asked for ${asked[command]} in the queue.`,
    detail: { asked: entries, before, ...orderOf(selection) },
  });
  const workers = await tx.worker.findMany({ where: { id: { in: entries.map(({ workerId }) => workerId) } } });
  return new Map(workers.map((worker) => [worker.id, worker]));
}

/** Writes down that somebody looks into a queued message, before they do; gives the worker that has it. */
export function recordLook({ workerId, id }: QueueRef, actor: Actor): Promise<ControlTarget> {
  return transaction(async (tx) => {
    const entry = await tx.queueEntry.findUnique({
      where: { workerId_id: { workerId, id } },
      include: { worker: true },
    });
    if (entry === null)
      throw new PublicError(
        "NOT_FOUND",
        "It is not in the queue any more: it was delivered, returned or deleted. Its history is under Messages.",
      );
    await appendAudit(tx, actor, {
      action: "queue.view",
      object: id,
      summary: `${actor.name} opened the headers of a message in the queue.`,
      detail: { workerId, id, sender: entry.sender, recipients: entry.recipients.slice(0, recipientsInAuditMax) },
    });
    return entry.worker;
  });
}

async function auditRefusals(
  tx: Transaction,
  { command, entries }: QueueSelection,
  refused: QueueCommandResult[],
  actor: Actor,
): Promise<void> {
  await appendAudit(tx, actor, {
    action: "queue.refusal",
    object: countMessages(refused.length),
    summary: `Refused or not confirmed for ${refused.length} of ${countMessages(entries.length)}: ${asked[command]}.`,
    detail: { command, refused },
  });
}

export function countMessages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}
