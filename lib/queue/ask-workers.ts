import type { QueueCommandRequest } from "#core/contract/control-api.ts";
import { type ControlTarget, sendQueueCommand } from "#lib/workers/control-client.ts";
import type { QueueCommandResult, QueueRef } from "./selection.ts";

/** What the workers are asked for, in whose name. */
export type QueueOrder = Omit<QueueCommandRequest, "ids">;

/** Asks each worker for its messages; each message has its own result. Never rejects. */
export async function askWorkers(
  order: QueueOrder,
  refs: readonly QueueRef[],
  workers: ReadonlyMap<string, ControlTarget>,
): Promise<QueueCommandResult[]> {
  const byWorker = Map.groupBy(refs, ({ workerId }) => workerId);
  const answers = await Promise.all(
    [...byWorker].map(([workerId, entries]) => askWorker(workers.get(workerId), order, entries)),
  );
  return answers.flat();
}

async function askWorker(
  worker: ControlTarget | undefined,
  order: QueueOrder,
  entries: readonly QueueRef[],
): Promise<QueueCommandResult[]> {
  const refuseAll = (reason: string) => entries.map(({ workerId, id }) => ({ workerId, id, done: false, reason }));
  if (worker === undefined) return refuseAll("This worker is not enrolled any more.");
  const answer = await sendQueueCommand(worker, { ...order, ids: entries.map(({ id }) => id) });
  if (!answer.ok) return refuseAll(answer.failure.message);
  const byId = new Map(answer.value.results.map((result) => [result.id, result]));
  return entries.map(({ workerId, id }) => {
    const result = byId.get(id);
    const reason = result === undefined ? "The worker did not answer for it." : result.reason;
    return { workerId, id, done: result?.done ?? false, reason };
  });
}
