import { type NewSigningKey, signingKeysMax } from "#core/contract/signing-key.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { type Transaction, transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { announce } from "#lib/live/mutations.ts";
import { lockPolicy } from "#lib/revisions/draft-lock.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { takenName } from "#lib/revisions/taken-name.ts";
import { giveSecretsToAll, type SecretsAnswer } from "#lib/vault/give-secrets.ts";
import { sealPrivateKey } from "#lib/vault/sealed.ts";
import { makeKeyPair } from "./make-key-pair.ts";
import type { SigningKeyCommand } from "./signing-key-input.ts";

/** What the workers said to the keys as they are now. */
export type SigningKeysGiven = { workers: SecretsAnswer[] };

/** Makes a key that does not sign yet: its DNS record has to stand first. */
export async function makeSigningKey(actor: Actor, asked: NewSigningKey): Promise<SigningKeysGiven> {
  const { privateKey, record } = makeKeyPair(asked.algorithm);
  await transaction(async (tx) => {
    await lockPolicy(tx);
    await refuseTaken(tx, asked);
    if ((await tx.signingKey.count()) >= signingKeysMax)
      throw new PublicError(
        "LIMIT_REACHED",
        `Not made: there are ${signingKeysMax} signing keys, which is the most. Delete one first.`,
      );
    const sealed = sealPrivateKey({ ...asked, privateKey, state: "published" });
    const { id } = await tx.signingKey.create({ data: { ...asked, state: "published", record, sealed } });
    await note(tx, actor, "make", asked, { id, after: { ...asked, record } });
  });
  return { workers: await giveSecretsToAll() };
}

/**
 * From now on this key signs for its domain, and the one of the same algorithm that did signs no more: rotation. One of each algorithm may sign
 * side by side (RFC 8463 §5): readers take the one they know.
 */
export async function activateSigningKey(actor: Actor, command: SigningKeyCommand): Promise<SigningKeysGiven> {
  await transaction(async (tx) => {
    await lockPolicy(tx);
    const key = await keyAt(tx, command);
    const { domain, algorithm } = key;
    const others = { domain, algorithm, state: "active", id: { not: key.id } };
    const retired = await tx.signingKey.findMany({ where: others });
    await tx.signingKey.updateMany({
      where: others,
      data: { state: "published", version: { increment: 1 } },
    });
    await tx.signingKey.update({ where: { id: key.id }, data: { state: "active", version: { increment: 1 } } });
    const instead = retired.map(({ name }) => name);
    await note(tx, actor, "activate", key, { id: key.id, after: { state: "active", insteadOf: instead } });
  });
  return { workers: await giveSecretsToAll() };
}

/** The key signs no more; its record may stay for mail that is under way. */
export async function retireSigningKey(actor: Actor, command: SigningKeyCommand): Promise<SigningKeysGiven> {
  await transaction(async (tx) => {
    await lockPolicy(tx);
    const key = await keyAt(tx, command);
    await tx.signingKey.update({ where: { id: key.id }, data: { state: "published", version: { increment: 1 } } });
    await note(tx, actor, "retire", key, { id: key.id, after: { state: "published" } });
  });
  return { workers: await giveSecretsToAll() };
}

/** Deletes a key here and at the workers. Fails with IN_USE while it signs. */
export async function deleteSigningKey(actor: Actor, command: SigningKeyCommand): Promise<SigningKeysGiven> {
  await transaction(async (tx) => {
    await lockPolicy(tx);
    const key = await keyAt(tx, command);
    if (key.state === "active")
      throw new PublicError(
        "IN_USE",
        `Not deleted: the signing key "${key.name}" signs. Retire it first, or activate another one.`,
      );
    await tx.signingKey.delete({ where: { id: key.id } });
    const { name, domain, selector, record } = key;
    await note(tx, actor, "delete", key, { id: key.id, before: { name, domain, selector, record } });
  });
  return { workers: await giveSecretsToAll() };
}

async function keyAt(tx: Transaction, { keyId, version }: SigningKeyCommand) {
  const row = await tx.signingKey.findUnique({ where: { id: keyId } });
  if (row === null || row.version !== version) throw await editConflict(tx, "Signing key", keyId, row === null);
  return row;
}

async function refuseTaken(tx: Transaction, { name, domain, selector }: NewSigningKey): Promise<void> {
  if ((await tx.signingKey.findUnique({ where: { name } })) !== null) throw takenName("signing key", name);
  const same = await tx.signingKey.findUnique({ where: { domain_selector: { domain, selector } } });
  if (same === null) return;
  const message = `Not made: "${same.name}" has the selector ${selector} of ${domain} already. Choose another selector.`;
  throw new PublicError("NAME_TAKEN", message, { fields: { selector: ["taken"] } });
}

type Detail = { id: string; before?: unknown; after?: unknown };

async function note(
  tx: Transaction,
  actor: Actor,
  verb: string,
  { name, domain, selector, algorithm }: { name: string; domain: string; selector: string; algorithm: string },
  detail: Detail,
): Promise<void> {
  const summary = `${algorithm}, ${selector}._domainkey.${domain}`;
  await appendAudit(tx, actor, { action: `signing-key.${verb}`, object: `signing key "${name}"`, summary, detail });
  await announce(tx, ["draft"]);
}
