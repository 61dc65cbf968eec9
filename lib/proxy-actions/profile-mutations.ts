import { randomUUID } from "node:crypto";
import type { Profile } from "#core/contract/proxy-action-profile.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { profileColumns } from "#lib/revisions/draft-columns.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { jsonObjectColumn } from "#lib/revisions/json-column.ts";
import { stillUsed, takenName } from "#lib/revisions/taken-name.ts";
import { defaultProfile, profileDigest, profileFromRow } from "./profile.ts";
import type { AddProxyAction, CloneProxyAction, DeleteProxyAction, EditProfile } from "./profile-input.ts";

/** Adds a proxy action without rules and with every setting at its default; returns its id. */
export async function addProxyAction(tx: Transaction, actor: Actor, given: AddProxyAction): Promise<string> {
  await lockDraft(tx);
  const profile = defaultProfile(given);
  const id = await createProfile(tx, profile, {});
  await record(tx, actor, "proxy-action.add", profile.name, `${kindWords(profile)}, every setting at its default`, {
    id,
    after: profile,
  });
  return id;
}

/**
 * Replaces everything but the rules; policies follow a new name. Fails with EDIT_CONFLICT when the profile is not the one that the editor began with.
 * Returns the digest of the new one.
 */
export async function editProfile(
  tx: Transaction,
  actor: Actor,
  { proxyActionId, seen, profile }: EditProfile,
): Promise<string> {
  await lockDraft(tx);
  const before = await profileAt(tx, proxyActionId);
  if (profileDigest(before) !== seen) throw await editConflict(tx, "Proxy action", proxyActionId, false);
  if (before.protocol !== profile.protocol)
    throw new PublicError(
      "INPUT_INVALID",
      `Not saved: "${before.name}" is for ${before.protocol}, and its protocol cannot change. Make another proxy action.`,
    );
  if (before.name !== profile.name) await refuseTakenName(tx, profile.name);
  await tx.proxyAction.update({
    where: { id: proxyActionId },
    data: { ...profileColumns(profile), version: { increment: 1 } },
  });
  const renamed = before.name === profile.name ? "" : `; was "${before.name}"`;
  await record(tx, actor, "proxy-action.edit", profile.name, `${kindWords(profile)}${renamed}`, {
    id: proxyActionId,
    before,
    after: profile,
  });
  return profileDigest(await profileAt(tx, proxyActionId));
}

/** Adds a copy with settings, limits and rules, which get ids of their own; returns its id. */
export async function cloneProxyAction(
  tx: Transaction,
  actor: Actor,
  { proxyActionId, name }: CloneProxyAction,
): Promise<string> {
  await lockDraft(tx);
  const row = await tx.proxyAction.findUnique({ where: { id: proxyActionId }, include: { rules: true } });
  if (row === null) throw await editConflict(tx, "Proxy action", proxyActionId, true);
  const profile: Profile = { ...profileFromRow(row), name };
  const id = await createProfile(tx, profile, row.noneMatched);
  const copies = row.rules.map((rule) => ({ ...rule, id: randomUUID(), proxyActionId: id, version: 1 }));
  await tx.$executeRaw`
    INSERT INTO "Rule" (id, "proxyActionId", ruleset, rank, name, section, state, "when", "whenText", action, log, alarm, expires, version)
    SELECT id, "proxyActionId", ruleset, rank, name, section, state, "when", "whenText", action, log, alarm, expires, version
    FROM jsonb_populate_recordset(NULL::"Rule", ${JSON.stringify(copies)}::jsonb)`;
  await record(tx, actor, "proxy-action.clone", row.name, `As "${name}", with ${ruleCount(copies.length)}`, {
    id,
    after: profile,
  });
  return id;
}

/** Takes a proxy action and its rules out of the draft. Fails with IN_USE while a policy refers to it. */
export async function deleteProxyAction(
  tx: Transaction,
  actor: Actor,
  { proxyActionId }: DeleteProxyAction,
): Promise<void> {
  await lockDraft(tx);
  const before = await profileAt(tx, proxyActionId);
  const users = await tx.policy.findMany({
    where: { proxyActionId },
    orderBy: { rank: "asc" },
    select: { name: true },
  });
  if (users.length > 0) {
    const words = users.map(({ name }) => `policy "${name}"`);
    throw stillUsed("proxy action", before.name, "deleted", words);
  }
  const rules = await tx.rule.count({ where: { proxyActionId } });
  await tx.proxyAction.delete({ where: { id: proxyActionId } });
  await record(tx, actor, "proxy-action.delete", before.name, `${kindWords(before)}, ${ruleCount(rules)}`, {
    id: proxyActionId,
    before,
  });
}

async function profileAt(tx: Transaction, id: string): Promise<Profile> {
  const row = await tx.proxyAction.findUnique({ where: { id } });
  if (row === null) throw await editConflict(tx, "Proxy action", id, true);
  return profileFromRow(row);
}

/** Puts a proxy action without rules at the end and returns its id. The caller holds the lock, checks the draft and writes the audit row. */
export async function createProfile(tx: Transaction, profile: Profile, noneMatched: unknown): Promise<string> {
  await refuseTakenName(tx, profile.name);
  const last = await tx.proxyAction.aggregate({ _max: { rank: true } });
  const rank = (last._max.rank ?? -1) + 1;
  const data = { ...profileColumns(profile), noneMatched: jsonObjectColumn(noneMatched), rank };
  return (await tx.proxyAction.create({ data, select: { id: true } })).id;
}

async function refuseTakenName(tx: Transaction, name: string): Promise<void> {
  if ((await tx.proxyAction.findUnique({ where: { name } })) !== null) throw takenName("proxy action", name);
}

function kindWords({ protocol, direction }: Profile): string {
  return `${protocol}, ${direction}`;
}

function ruleCount(count: number): string {
  return count === 1 ? "1 rule" : `${count} rules`;
}

type Detail = { id: string; before?: unknown; after?: unknown };

/** The draft must still be valid; then the audit row of the change, in the same transaction. */
async function record(
  tx: Transaction,
  actor: Actor,
  action: string,
  name: string,
  summary: string,
  detail: Detail,
): Promise<void> {
  await checkDraft(tx);
  await appendAudit(tx, actor, { action, object: `proxy action "${name}"`, summary, detail });
}
