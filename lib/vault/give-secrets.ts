import {
  type ControlResult,
  type ControlTarget,
  pushCredentials,
  pushSigningKeys,
} from "#lib/workers/control-client.ts";
import { openedSecrets, secretsState, secretTargets } from "./queries.ts";

/**
 * Gives a worker every credential and signing key in place of those that it was given before. Null, or why it was not done, in words for the
 * person who pushes. Never rejects. A policy that names a credential is refused by a worker that has not got it yet: call this first.
 */
export async function giveSecrets(worker: ControlTarget): Promise<string | null> {
  const before = await secretsState();
  const secrets = await opened();
  if (secrets === null) return cannotOpen;
  const refused =
    failureOf("credentials", await pushCredentials(worker, { credentials: secrets.credentials })) ??
    failureOf("signing keys", await pushSigningKeys(worker, { keys: secrets.signingKeys }));
  if (refused !== null) return refused;
  // Changed meanwhile: these may have arrived after the newer ones.
  return before === (await secretsState()) ? null : giveSecrets(worker);
}

export type SecretsAnswer = { worker: string; error: string | null };

/** The same for every worker at once; each has its own answer. Never rejects for a worker's sake. */
export async function giveSecretsToAll(): Promise<SecretsAnswer[]> {
  const workers = await secretTargets();
  return Promise.all(workers.map(async (worker) => ({ worker: worker.name, error: await giveSecrets(worker) })));
}

function failureOf(what: string, answer: ControlResult<unknown>): string | null {
  return answer.ok ? null : `The ${what} were not given to it. ${answer.failure.message}`;
}

const cannotOpen =
  "The console cannot open its stored credentials and signing keys: the master key is missing or another one. Put POSTERN_MASTER_KEY_FILE back, or enter them again.";

async function opened(): Promise<Awaited<ReturnType<typeof openedSecrets>> | null> {
  try {
    return await openedSecrets();
  } catch (error) {
    console.error("a stored secret cannot be opened", error);
    return null;
  }
}
