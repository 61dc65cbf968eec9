import type { DestinationCommand } from "#core/contract/queue.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { type ControlTarget, sendDestinationCommand } from "#lib/workers/control-client.ts";
import type { DestinationOrder } from "./selection.ts";

const asked: Record<DestinationCommand, string> = {
  suspend: "no more attempts",
  resume: "attempts again",
  probe: "a look whether it serves",
};

/** What one worker said. `reason`: why it was not done, or what came of a probe. */
export type DestinationResult = { worker: string; done: boolean; reason: string | null };

/**
 * Asks every worker for a command on a destination of the queue. The audit row is committed before any of them is asked; what was not done
 * gets a second one.
 */
export async function commandDestination(order: DestinationOrder, actor: Actor): Promise<DestinationResult[]> {
  const { command, route, destination } = order;
  const object = destination === route ? route : `${destination} by ${route}`;
  const workers = await transaction(async (tx) => {
    await appendAudit(tx, actor, {
      action: `queue.${command}`,
      object,
      summary: `${actor.name} asked for ${asked[command]} at a destination of the queue.`,
      detail: order,
    });
    return tx.worker.findMany({ orderBy: { name: "asc" } });
  });
  if (workers.length === 0)
    throw new PublicError("WORKER_FAILED", "Nothing was done: no worker is enrolled that could be asked.");
  const results = await Promise.all(workers.map((worker) => askWorker(worker, order, actor)));
  const refused = results.filter(({ done }) => !done);
  if (refused.length > 0)
    await transaction((tx) =>
      appendAudit(tx, actor, {
        action: "queue.refusal",
        object,
        summary: `Refused or not confirmed by ${refused.length} of ${results.length} workers: ${asked[command]}.`,
        detail: { ...order, refused },
      }),
    );
  return results;
}

async function askWorker(
  worker: ControlTarget & { name: string },
  order: DestinationOrder,
  actor: Actor,
): Promise<DestinationResult> {
  const answer = await sendDestinationCommand(worker, { ...order, by: actor.name });
  if (answer.ok) return { worker: worker.name, ...answer.value };
  return { worker: worker.name, done: false, reason: answer.failure.message };
}
