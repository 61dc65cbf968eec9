import type { Policy } from "#core/contract/policy-document.ts";
import { copyName } from "#core/policy/copy-name.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { policyColumns } from "#lib/revisions/draft-columns.ts";
import { policyFromRow, policyReferences } from "#lib/revisions/draft-document.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { placedAt, targetIndex } from "#lib/revisions/draft-order.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { missingReference } from "#lib/revisions/missing-reference.ts";
import { takenName } from "#lib/revisions/taken-name.ts";
import type { AddPolicy, ClonePolicy, DeletePolicy, EditPolicy, MovePolicy, SetPolicyEnabled } from "./policy-input.ts";
import { policyWords } from "./policy-words.ts";

/** Puts a policy at the end of the draft's and returns its id. Fails with REF_MISSING when it names something that is not there. */
export async function addPolicy(tx: Transaction, actor: Actor, policy: AddPolicy): Promise<string> {
  await lockDraft(tx);
  await refuseTakenName(tx, policy.name);
  const ids = await orderedIds(tx);
  const { id } = await tx.policy.create({ data: { ...(await columnsOf(tx, policy)), rank: ids.length } });
  await writeOrder(tx, [...ids, id]);
  const summary = `At position ${ids.length + 1}: ${policyWords(policy)}`;
  await record(tx, actor, "policy.add", policy.name, summary, { id, after: policy });
  return id;
}

/** Replaces a policy in its place. Fails with EDIT_CONFLICT when it is not the version that the editor saw. */
export async function editPolicy(
  tx: Transaction,
  actor: Actor,
  { policyId, version, policy }: EditPolicy,
): Promise<void> {
  await lockDraft(tx);
  const before = await policyAt(tx, policyId, version);
  if (policy.name !== before.name) await refuseTakenName(tx, policy.name);
  const data = { ...(await columnsOf(tx, policy)), version: { increment: 1 } };
  await tx.policy.update({ where: { id: policyId }, data });
  const summary = `${policyWords(policy)}${policy.name === before.name ? "" : `; was "${before.name}"`}`;
  await record(tx, actor, "policy.edit", policy.name, summary, { id: policyId, before, after: policy });
}

/** Switches a policy on or off. */
export async function setPolicyEnabled(
  tx: Transaction,
  actor: Actor,
  { policyId, enabled }: SetPolicyEnabled,
): Promise<void> {
  await lockDraft(tx);
  const before = await policyAt(tx, policyId);
  if (before.enabled === enabled) return;
  await tx.policy.update({ where: { id: policyId }, data: { enabled, version: { increment: 1 } } });
  const summary = enabled ? "disabled → enabled" : "enabled → disabled";
  const detail = { id: policyId, before: before.enabled, after: enabled };
  await record(tx, actor, "policy.state", before.name, summary, detail);
}

/** Moves a policy: the first that admits a connection takes it. Returns its new position, from 1, and how many there are. */
export async function movePolicy(
  tx: Transaction,
  actor: Actor,
  { policyId, to }: MovePolicy,
): Promise<{ position: number; of: number }> {
  await lockDraft(tx);
  const { name } = await policyAt(tx, policyId);
  const ids = await orderedIds(tx);
  const from = ids.indexOf(policyId);
  const index = targetIndex(from, ids.length, to);
  if (index !== from) {
    await writeOrder(tx, placedAt(ids, policyId, index));
    const detail = { id: policyId, before: from + 1, after: index + 1 };
    await record(tx, actor, "policy.move", name, `Position ${from + 1} → ${index + 1}`, detail);
  }
  return { position: index + 1, of: ids.length };
}

/** Puts a copy right below the policy, disabled; returns the copy's id. */
export async function clonePolicy(tx: Transaction, actor: Actor, { policyId }: ClonePolicy): Promise<string> {
  await lockDraft(tx);
  const original = await policyAt(tx, policyId);
  const names = await tx.policy.findMany({ select: { name: true } });
  const name = copyName(original.name, new Set(names.map((row) => row.name)));
  const copy: Policy = { ...original, name, enabled: false };
  const ids = await orderedIds(tx);
  const { id } = await tx.policy.create({ data: { ...(await columnsOf(tx, copy)), rank: ids.length } });
  await writeOrder(tx, placedAt(ids, id, ids.indexOf(policyId) + 1));
  await record(tx, actor, "policy.clone", original.name, `As "${name}", disabled`, { id, after: copy });
  return id;
}

/** Takes a policy out of the draft. */
export async function deletePolicy(tx: Transaction, actor: Actor, { policyId, version }: DeletePolicy): Promise<void> {
  await lockDraft(tx);
  const before = await policyAt(tx, policyId, version);
  await tx.policy.delete({ where: { id: policyId } });
  await record(tx, actor, "policy.delete", before.name, policyWords(before), { id: policyId, before });
}

async function policyAt(tx: Transaction, id: string, version?: number): Promise<Policy> {
  const row = await tx.policy.findUnique({ where: { id }, include: policyReferences });
  if (row === null) throw await editConflict(tx, "Policy", id, true);
  const value = policyFromRow(row);
  if (version !== undefined && row.version !== version)
    throw await editConflict(tx, "Policy", id, false, { version: row.version, value });
  return value;
}

/** Every column but the rank; what the policy names is looked up. */
async function columnsOf(tx: Transaction, policy: Policy) {
  const { from, to } = policy;
  const select = { id: true } as const;
  const found = async (what: string, name: string, asked: Promise<{ id: string } | null>): Promise<string> => {
    const row = await asked;
    if (row === null) throw await missingReference(tx, { what, name });
    return row.id;
  };
  const interfaceId = (name: string) => found("interface", name, tx.interface.findUnique({ where: { name }, select }));
  return {
    ...policyColumns(policy),
    fromInterfaceId: await interfaceId(from.interface),
    toInterfaceId: await interfaceId(to.interface),
    routeId: await found("route", to.route, tx.route.findUnique({ where: { name: to.route }, select })),
    proxyActionId: await found(
      "proxy action",
      policy.proxyAction,
      tx.proxyAction.findUnique({ where: { name: policy.proxyAction }, select }),
    ),
  };
}

async function refuseTakenName(tx: Transaction, name: string): Promise<void> {
  if ((await tx.policy.findUnique({ where: { name } })) !== null) throw takenName("policy", name);
}

async function orderedIds(tx: Transaction): Promise<string[]> {
  return (await tx.policy.findMany({ orderBy: { rank: "asc" }, select: { id: true } })).map(({ id }) => id);
}

async function writeOrder(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE "Policy" SET rank = place.position::int - 1
    FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS place(id, position)
    WHERE "Policy".id = place.id AND "Policy".rank <> place.position - 1`;
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
  await appendAudit(tx, actor, { action, object: `policy "${name}"`, summary, detail });
}
