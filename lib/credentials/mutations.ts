import { type Credential, type CredentialChange, credentialSchema, credentialsMax } from "#core/contract/credential.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { type Transaction, transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { announce } from "#lib/live/mutations.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { lockPolicy } from "#lib/revisions/draft-lock.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { enforcedDocuments } from "#lib/revisions/enforced-documents.ts";
import { stillUsed, takenName } from "#lib/revisions/taken-name.ts";
import { giveSecretsToAll, type SecretsAnswer } from "#lib/vault/give-secrets.ts";
import { openCredential, sealCredential } from "#lib/vault/sealed.ts";
import type { AddCredential, DeleteCredential, EditCredential } from "./credential-input.ts";
import { type CredentialUser, credentialUsers, credentialUserWords } from "./credential-usage.ts";
import { withoutSecrets } from "./queries.ts";

/** What the workers said to the credentials as they are now. */
export type CredentialsGiven = { workers: SecretsAnswer[] };

/** Keeps a credential, sealed, and gives it to the workers. */
export async function addCredential(actor: Actor, credential: AddCredential): Promise<CredentialsGiven> {
  await transaction(async (tx) => {
    await lockPolicy(tx);
    await refuseTakenName(tx, credential.name);
    if ((await tx.credential.count()) >= credentialsMax)
      throw new PublicError(
        "LIMIT_REACHED",
        `Not added: there are ${credentialsMax} credentials, which is the most. Delete one first.`,
      );
    const { id } = await tx.credential.create({ data: sealCredential(credential) });
    await record(tx, actor, "credential.add", credential, { id, after: withoutSecrets(credential) });
  });
  return { workers: await giveSecretsToAll() };
}

/**
 * Changes a credential; secrets that are not sent stay. Fails with EDIT_CONFLICT for another version, and with IN_USE when the name of one that
 * routes use would change, or a bridge would lose the password that clients log in with. The workers use it as soon as they have it: it is not
 * part of the draft.
 */
export async function editCredential(
  actor: Actor,
  { credentialId, version, credential: change }: EditCredential,
): Promise<CredentialsGiven> {
  await transaction(async (tx) => {
    await lockPolicy(tx);
    const row = await credentialAt(tx, credentialId, version);
    if (change.name !== row.name) {
      await refuseTakenName(tx, change.name);
      await refuseWhileUsed(tx, row.name, "renamed");
    }
    const before = opened(row);
    const after = changed(before, change);
    const clientPassword = clientPasswordChange(before, after, change);
    if (clientPassword === "removed") await refuseWhileBridged(tx, row.name);
    const data = { ...sealCredential(after), version: { increment: 1 } };
    await tx.credential.update({ where: { id: credentialId }, data });
    await record(tx, actor, "credential.edit", after, {
      id: credentialId,
      before: before === null ? { name: row.name, kind: row.kind, user: row.user } : withoutSecrets(before),
      after: withoutSecrets(after),
      secretReplaced: hasSecret(change),
      ...(clientPassword && { clientPassword }),
    });
  });
  return { workers: await giveSecretsToAll() };
}

/** Deletes a credential here and at the workers. Fails with IN_USE while a route of the draft or of a policy that workers enforce names it. */
export async function deleteCredential(
  actor: Actor,
  { credentialId, version }: DeleteCredential,
): Promise<CredentialsGiven> {
  await transaction(async (tx) => {
    await lockPolicy(tx);
    const { name, kind, user } = await credentialAt(tx, credentialId, version);
    await refuseWhileUsed(tx, name, "deleted");
    await tx.credential.delete({ where: { id: credentialId } });
    await record(
      tx,
      actor,
      "credential.delete",
      { name, kind, user },
      { id: credentialId, before: { name, kind, user } },
    );
  });
  return { workers: await giveSecretsToAll() };
}

async function credentialAt(tx: Transaction, id: string, version: number) {
  const row = await tx.credential.findUnique({ where: { id } });
  if (row === null || row.version !== version) throw await editConflict(tx, "Credential", id, row === null);
  return row;
}

/** Null when it cannot be opened with this master key: then every secret has to be entered. */
function opened(row: { name: string; sealed: string }): Credential | null {
  try {
    return openCredential(row);
  } catch {
    return null;
  }
}

/** The password for mail programs belongs to both kinds, so it stays with a new one. */
function changed(before: Credential | null, change: CredentialChange): Credential {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const kept = before?.kind === change.kind ? before : {};
  const clientPassword = (change.clientPassword ?? before?.clientPassword) || undefined;
  const merged = credentialSchema.safeParse({ ...kept, ...given, clientPassword });
  if (merged.success) return merged.data;
  throw new PublicError("INPUT_INVALID", "Not saved: there is no secret that could be kept. Enter it.");
}

/** Null: it stays as it is. */
function clientPasswordChange(
  before: Credential | null,
  after: Credential,
  change: CredentialChange,
): "set" | "removed" | null {
  if (after.clientPassword === undefined) return before?.clientPassword === undefined ? null : "removed";
  return change.clientPassword === undefined ? null : "set";
}

function hasSecret(change: CredentialChange): boolean {
  if (change.kind === "password") return change.password !== undefined;
  return change.refreshToken !== undefined || change.clientSecret !== undefined;
}

async function refuseTakenName(tx: Transaction, name: string): Promise<void> {
  if ((await tx.credential.findUnique({ where: { name } })) !== null) throw takenName("credential", name);
}

async function refuseWhileUsed(tx: Transaction, name: string, verb: string): Promise<void> {
  const users = await usersOf(tx, name);
  if (users.length > 0) throw stillUsed("credential", name, verb, users.map(credentialUserWords));
}

/** Without the password, its user could log in nowhere, or would be sent to the server with a password that is not the server's. */
async function refuseWhileBridged(tx: Transaction, name: string): Promise<void> {
  const bridges = (await usersOf(tx, name)).filter(({ bridges: bridged }) => bridged);
  if (bridges.length === 0) return;
  const words = bridges.map(credentialUserWords).join(", ");
  throw new PublicError(
    "IN_USE",
    `Not saved: the password for mail programs of "${name}" is needed by the bridge of ${words}. Take it out there first.`,
  );
}

async function usersOf(tx: Transaction, name: string): Promise<CredentialUser[]> {
  return credentialUsers(await readDraft(tx), await enforcedDocuments(tx)).get(name) ?? [];
}

type Detail = {
  id: string;
  before?: unknown;
  after?: unknown;
  secretReplaced?: boolean;
  clientPassword?: "set" | "removed";
};

async function record(
  tx: Transaction,
  actor: Actor,
  action: string,
  { name, kind, user }: { name: string; kind: string; user: string },
  detail: Detail,
): Promise<void> {
  const secret = detail.secretReplaced === undefined ? "" : `, secret ${detail.secretReplaced ? "replaced" : "kept"}`;
  const client = detail.clientPassword === undefined ? "" : `, password for mail programs ${detail.clientPassword}`;
  const summary = `${kind} of ${user}${secret}${client}`;
  await appendAudit(tx, actor, { action, object: `credential "${name}"`, summary, detail });
  await announce(tx, ["draft"]);
}
