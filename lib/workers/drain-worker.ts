import type { Actor } from "#lib/actor.ts";
import { transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { sendDrain } from "./control-client.ts";
import { recordDrain } from "./mutations.ts";

/** Asks a worker to drain or to work again; the audit row is committed before. Fails with the worker's reason. */
export async function drainWorker(order: { workerId: string; on: boolean }, actor: Actor): Promise<void> {
  const worker = await transaction((tx) => recordDrain(tx, order, actor));
  const answer = await sendDrain(worker, { on: order.on, by: actor.name });
  if (!answer.ok) throw new PublicError("WORKER_FAILED", `The worker could not be asked: ${answer.failure.message}`);
}
