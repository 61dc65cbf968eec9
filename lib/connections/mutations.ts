import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { killWorkerSessions } from "#lib/workers/control-client.ts";
import type { KillOrder, KillResult } from "./kill-order.ts";

/**
 * Asks a worker to end sessions, and to refuse their clients for a while where that is asked for. The audit row is committed before the
 * worker is asked, so that no effect can be without one; what was not done gets a second row.
 */
export async function killSessions(order: KillOrder, actor: Actor): Promise<KillResult> {
  const { workerId, ids, banMinutes } = order;
  const worker = await transaction(async (tx) => {
    const known = await tx.worker.findUnique({ where: { id: workerId } });
    if (known === null)
      throw new PublicError(
        "NOT_FOUND",
        "Nothing was ended: this worker is not enrolled any more. Load the page again.",
      );
    await appendAudit(tx, actor, { ...auditOf(order), summary: summaryOf(order, known.name, actor.name) });
    return known;
  });
  const answer = await killWorkerSessions(worker, { ids, banMinutes, by: actor.name });
  if (answer.ok) {
    const done = answer.value.results.filter((result) => result.done).length;
    return { done, over: answer.value.results.length - done };
  }
  const { message } = answer.failure;
  await transaction((tx) =>
    appendAudit(tx, actor, {
      ...auditOf(order),
      action: "connections.refusal",
      summary: `Refused or not confirmed by ${worker.name}: ${message}`,
    }),
  );
  throw new PublicError("WORKER_FAILED", `The worker did not confirm it: ${message}`);
}

function auditOf({ workerId, ids, banMinutes }: KillOrder) {
  return { action: "connections.kill", object: ids.join(", "), detail: { workerId, ids, banMinutes } };
}

function summaryOf({ ids, banMinutes }: KillOrder, worker: string, by: string): string {
  const what = ids.length === 1 ? "a session" : `${ids.length} sessions`;
  const ban = banMinutes === null ? "" : ` and to refuse the client for ${minutes(banMinutes)}`;
  return `${by} asked worker ${worker} to end ${what}${ban}.`;
}

function minutes(many: number): string {
  return many === 1 ? "1 minute" : `${many} minutes`;
}
