import { readFile } from "node:fs/promises";
import type { SignedBundle } from "#core/contract/bundle.ts";
import type { Change } from "#core/policy/diff.ts";
import type { Actor } from "#lib/actor.ts";
import { database, transaction } from "#lib/db.ts";
import { setting } from "#lib/env.ts";
import { giveSecrets } from "#lib/vault/give-secrets.ts";
import { type ControlTarget, pushBundle } from "#lib/workers/control-client.ts";
import { meantRevision } from "#lib/workers/meant-revision.ts";
import { noteAnswer } from "#lib/workers/repair-pace.ts";
import {
  acknowledge,
  applyDocument,
  type PublishInput,
  type PushResult,
  publish,
  revertRevision,
  rollBack,
} from "./mutations.ts";
import { problemText } from "./problem-text.ts";
import { parseRevision } from "./revision-row.ts";
import { openRollout, widenRollout } from "./rollout-mutations.ts";
import { type StoredRevision, signBundle } from "./sign.ts";

/**
 * Gives the newest revision to every worker that should have it, at once, and notes each answer. A worker that cannot be reached or refuses is a
 * result, not an error.
 */
export async function pushLiveRevision(): Promise<PushResult[]> {
  const rollout = await openRollout(database());
  const first = rollout === null ? {} : { id: { in: rollout.firstWorkers } };
  const workers = await database().worker.findMany({ where: first, orderBy: { id: "asc" } });
  const results = await Promise.all(workers.map((worker) => pushTo(worker)));
  return results.filter((result) => result !== null);
}

export type Published = { number: number; workers: PushResult[] };

/** Publishes the draft and, once that is committed, gives it to the workers. */
export async function publishAndPush(actor: Actor, input: PublishInput): Promise<Published> {
  const { number } = await transaction((tx) => publish(tx, actor, input));
  return { number, workers: await pushLiveRevision() };
}

/** Applies a YAML document; what it publishes is given to the workers once that is committed. */
export async function applyAndPush(
  actor: Actor,
  input: Parameters<typeof applyDocument>[2],
): Promise<{ changes: Change[]; published: Published | null }> {
  const { changes, published } = await transaction((tx) => applyDocument(tx, actor, input));
  if (published === null) return { changes, published };
  return { changes, published: { number: published, workers: await pushLiveRevision() } };
}

/** Gives a revision that is at its first workers to all of them. */
export async function widenAndPush(actor: Actor, input: Parameters<typeof widenRollout>[2]): Promise<Published> {
  await transaction((tx) => widenRollout(tx, actor, input));
  return { number: input.number, workers: await pushLiveRevision() };
}

/** Takes a revision back that is on trial or at its first workers and, once that is committed, gives the one before to the workers. */
export async function revertAndPush(actor: Actor, input: Parameters<typeof revertRevision>[2]): Promise<Published> {
  const { number } = await transaction((tx) => revertRevision(tx, actor, input));
  return { number, workers: await pushLiveRevision() };
}

/** Rolls back and, once that is committed, gives it to the workers. */
export async function rollBackAndPush(actor: Actor, input: Parameters<typeof rollBack>[2]): Promise<Published> {
  const { number } = await transaction((tx) => rollBack(tx, actor, input));
  return { number, workers: await pushLiveRevision() };
}

/** Gives one worker the revision that it should have: for a worker that reports another one. Null when there is nothing to give or no such worker. */
export async function repairWorker(workerId: string): Promise<PushResult | null> {
  const worker = await database().worker.findUnique({ where: { id: workerId } });
  return worker === null ? null : pushTo(worker);
}

async function pushTo(worker: ControlTarget): Promise<PushResult | null> {
  const meant = await meantRevision(database(), worker.id);
  if (meant === null) return null;
  const result = await send(worker, await database().revision.findUniqueOrThrow({ where: { number: meant.number } }));
  // Published by somebody else meanwhile: the worker refused the older one, or should have the newer one.
  const newest = await meantRevision(database(), worker.id);
  if (!result.applied && newest !== null && newest.number > meant.number) return pushTo(worker);
  noteAnswer(worker.id, meant.number, result.error);
  await transaction((tx) => acknowledge(tx, meant.number, result));
  return result;
}

const noSigningKey =
  "The console cannot sign policies: its signing key is missing or damaged. Put POSTERN_SIGNING_KEY_FILE back, then push again.";

async function signFor(workerId: string, live: StoredRevision): Promise<SignedBundle | null> {
  try {
    const key = await readFile(setting("POSTERN_SIGNING_KEY_FILE"), "utf8");
    return signBundle(live, workerId, key, Date.now());
  } catch (error) {
    console.error("a policy cannot be signed", error);
    return null;
  }
}

async function send(worker: ControlTarget, live: StoredRevision): Promise<PushResult> {
  const signed = await signFor(worker.id, live);
  if (signed === null) return { workerId: worker.id, applied: false, error: noSigningKey };
  // The worker refuses a policy that names a credential which it has not got.
  const ungiven = await giveSecrets(worker);
  if (ungiven !== null) return { workerId: worker.id, applied: false, error: ungiven };
  const answer = await pushBundle(worker, signed);
  if (!answer.ok) {
    const { message, problems } = answer.failure;
    return {
      workerId: worker.id,
      applied: false,
      error: [message, ...(problems.length > 0 ? [problemText(problems, parseRevision(live))] : [])].join("\n"),
    };
  }
  const { revision, digest } = answer.value;
  if (revision === live.number && digest === live.digest) return { workerId: worker.id, applied: true, error: null };
  return {
    workerId: worker.id,
    applied: false,
    error: `The worker answered with r${revision}, which is not what it was given.`,
  };
}
