import type { Credential } from "#core/contract/credential.ts";
import { type ControlTarget, pushCredentials } from "#lib/workers/control-client.ts";
import { credentialsState, credentialTargets, openedCredentials } from "./queries.ts";

/**
 * Gives a worker every credential in place of those that it was given before. Null, or why it was not done, in words for the person
 * who pushes. Never rejects. A policy that names a credential is refused by a worker that has not got it yet: call this first.
 */
export async function giveCredentials(worker: ControlTarget): Promise<string | null> {
  const before = await credentialsState();
  const credentials = await opened();
  if (credentials === null) return cannotOpen;
  const answer = await pushCredentials(worker, { credentials });
  if (!answer.ok) return `The credentials were not given to it. ${answer.failure.message}`;
  // Changed meanwhile: these may have arrived after the newer ones.
  return before === (await credentialsState()) ? null : giveCredentials(worker);
}

export type CredentialAnswer = { worker: string; error: string | null };

/** The same for every worker at once; each has its own answer. Never rejects for a worker's sake. */
export async function giveCredentialsToAll(): Promise<CredentialAnswer[]> {
  const workers = await credentialTargets();
  return Promise.all(workers.map(async (worker) => ({ worker: worker.name, error: await giveCredentials(worker) })));
}

const cannotOpen =
  "The console cannot open its stored credentials: the master key is missing or another one. Put POSTERN_MASTER_KEY_FILE back, or enter the credentials again.";

async function opened(): Promise<Credential[] | null> {
  try {
    return await openedCredentials();
  } catch (error) {
    console.error("a stored credential cannot be opened", error);
    return null;
  }
}
