import type { Interface } from "#core/contract/policy-document.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { placedAt, targetIndex } from "#lib/revisions/draft-order.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { stillUsed, takenName } from "#lib/revisions/taken-name.ts";
import type { AddInterface, DeleteInterface, EditInterface, MoveInterface } from "./interface-input.ts";

/** Adds an interface at the end of the draft's and returns its id. */
export async function addInterface(tx: Transaction, actor: Actor, added: AddInterface): Promise<string> {
  await lockDraft(tx);
  await refuseTakenName(tx, added.name);
  const last = await tx.interface.aggregate({ _max: { rank: true } });
  const { id } = await tx.interface.create({ data: { ...added, rank: (last._max.rank ?? -1) + 1 } });
  await record(tx, actor, "interface.add", added, interfaceWords(added), { id, after: added });
  return id;
}

/** Replaces an interface; the policies at it follow a new name. Fails with EDIT_CONFLICT for another version. */
export async function editInterface(
  tx: Transaction,
  actor: Actor,
  { interfaceId, version, interface: after }: EditInterface,
): Promise<void> {
  await lockDraft(tx);
  const { name, zone, networks } = await interfaceAt(tx, interfaceId, version);
  if (after.name !== name) await refuseTakenName(tx, after.name);
  await tx.interface.update({ where: { id: interfaceId }, data: { ...after, version: { increment: 1 } } });
  const renamed = after.name === name ? "" : `; was "${name}"`;
  await record(tx, actor, "interface.edit", after, `${interfaceWords(after)}${renamed}`, {
    id: interfaceId,
    before: { name, zone, networks },
    after,
  });
}

/** Moves an interface among the others; returns its new position, from 1, and how many there are. The order is only how they are shown. */
export async function moveInterface(
  tx: Transaction,
  actor: Actor,
  { interfaceId, to }: MoveInterface,
): Promise<{ position: number; of: number }> {
  await lockDraft(tx);
  const rows = await tx.interface.findMany({ orderBy: { rank: "asc" } });
  const from = rows.findIndex(({ id }) => id === interfaceId);
  const moved = rows[from];
  if (moved === undefined) throw await editConflict(tx, "Interface", interfaceId, true);
  const index = targetIndex(from, rows.length, to);
  if (index !== from) {
    const ids = rows.map(({ id }) => id);
    for (const [rank, id] of placedAt(ids, interfaceId, index).entries())
      await tx.interface.update({ where: { id }, data: { rank } });
    await record(tx, actor, "interface.move", moved, `Position ${from + 1} → ${index + 1}`, {
      id: interfaceId,
      before: from + 1,
      after: index + 1,
    });
  }
  return { position: index + 1, of: rows.length };
}

/** Takes an interface out of the draft. Fails with IN_USE while a policy begins or ends there. */
export async function deleteInterface(
  tx: Transaction,
  actor: Actor,
  { interfaceId, version }: DeleteInterface,
): Promise<void> {
  await lockDraft(tx);
  const { name, zone, networks, policiesFrom, policiesTo } = await interfaceAt(tx, interfaceId, version);
  const users = [...new Set([...policiesFrom, ...policiesTo].map((policy) => `policy "${policy.name}"`))];
  if (users.length > 0) throw stillUsed("interface", name, "deleted", users);
  await tx.interface.delete({ where: { id: interfaceId } });
  const before = { name, zone, networks };
  await record(tx, actor, "interface.delete", before, interfaceWords(before), { id: interfaceId, before });
}

async function interfaceAt(tx: Transaction, id: string, version: number) {
  const row = await tx.interface.findUnique({ where: { id }, include: { policiesFrom: true, policiesTo: true } });
  if (row === null) throw await editConflict(tx, "Interface", id, true);
  const { name, zone, networks } = row;
  if (row.version !== version) {
    const current = { version: row.version, value: { name, zone, networks } };
    throw await editConflict(tx, "Interface", id, false, current);
  }
  return row;
}

async function refuseTakenName(tx: Transaction, name: string): Promise<void> {
  if ((await tx.interface.findUnique({ where: { name } })) !== null) throw takenName("interface", name);
}

type Summarised = { zone: string; networks: string[] };

function interfaceWords({ zone, networks }: Summarised | Interface): string {
  const count = networks.length === 1 ? "1 network" : `${networks.length} networks`;
  return `${zone}, ${networks.length === 0 ? "no networks" : count}`;
}

type Detail = { id: string; before?: unknown; after?: unknown };

async function record(
  tx: Transaction,
  actor: Actor,
  action: string,
  { name }: { name: string },
  summary: string,
  detail: Detail,
): Promise<void> {
  await checkDraft(tx);
  await appendAudit(tx, actor, { action, object: `interface "${name}"`, summary, detail });
}
