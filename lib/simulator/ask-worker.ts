import type { SimulationAnswer, SimulationRequest } from "#core/contract/simulation.ts";
import { database } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { policyInvalid } from "#lib/revisions/problem-text.ts";
import { sendSimulation } from "#lib/workers/control-client.ts";

/**
 * Tries messages at a worker: the one that reported last, or the next when it cannot be reached. Fails with POLICY_INVALID for a policy that
 * a worker could not take, with TOO_LARGE for what it does not finish or has no room for, and with WORKER_FAILED when none answers.
 */
export async function askSimulation(request: SimulationRequest): Promise<SimulationAnswer> {
  const workers = await database().worker.findMany({ orderBy: { lastSeenAt: { sort: "desc", nulls: "last" } } });
  const reasons: string[] = [];
  for (const worker of workers) {
    const answer = await sendSimulation(worker, request);
    if (answer.ok) return answer.value;
    const { code, message, problems } = answer.failure;
    if (code === "invalid-policy")
      throw policyInvalid("Not tried: the worker could not enforce this policy.", problems, request.document);
    if (code === "too-large") throw new PublicError("TOO_LARGE", `Not tried to its end: ${message}.`);
    reasons.push(`${worker.name}: ${message}`);
    if (code !== "unreachable" && code !== "no-token") break;
  }
  const why = reasons.length === 0 ? "no worker is enrolled" : reasons.join("; ");
  throw new PublicError("WORKER_FAILED", `Nothing can be tried now, because a worker has to do it: ${why}.`);
}
