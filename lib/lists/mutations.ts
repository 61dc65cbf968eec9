import { listSchema } from "#core/contract/policy-document.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { listColumns } from "#lib/revisions/draft-columns.ts";
import { listOf, readDraft } from "#lib/revisions/draft-document.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { stillUsed, takenName } from "#lib/revisions/taken-name.ts";
import type { AddList, DeleteList, EditList } from "./list-input.ts";
import { listUsers, userWords } from "./list-usage.ts";

const entriesInAuditMax = 200;

/** Adds a list to the draft and returns its id. */
export async function addList(tx: Transaction, actor: Actor, list: AddList): Promise<string> {
  await lockDraft(tx);
  await refuseTakenName(tx, list.name);
  const last = await tx.list.aggregate({ _max: { rank: true } });
  const { id } = await tx.list.create({ data: { ...listColumns(list), rank: (last._max.rank ?? -1) + 1 } });
  await checkDraft(tx);
  const summary = `${list.kind}, ${entryCount(list.entries.length)}`;
  await appendAudit(tx, actor, {
    action: "list.add",
    object: `list "${list.name}"`,
    summary,
    detail: { id, after: cut(list) },
  });
  return id;
}

/** Replaces a list. Fails with EDIT_CONFLICT for another version, with IN_USE when the name of a used list would change. */
export async function editList(tx: Transaction, actor: Actor, { listId, version, list }: EditList): Promise<void> {
  await lockDraft(tx);
  const before = await listAt(tx, listId, version);
  if (list.name !== before.name) {
    await refuseTakenName(tx, list.name);
    await refuseWhileUsed(tx, before.name, "renamed");
  }
  await tx.list.update({ where: { id: listId }, data: { ...listColumns(list), version: { increment: 1 } } });
  await checkDraft(tx);
  const had = new Set(before.entries);
  const has = new Set(list.entries);
  const added = list.entries.filter((entry) => !had.has(entry));
  const removed = before.entries.filter((entry) => !has.has(entry));
  await appendAudit(tx, actor, {
    action: "list.edit",
    object: `list "${list.name}"`,
    summary: `${entryCount(added.length)} added, ${removed.length} removed${before.name === list.name ? "" : `; was "${before.name}"`}`,
    detail: {
      id: listId,
      before: { name: before.name, kind: before.kind, feed: before.feed },
      after: { name: list.name, kind: list.kind, feed: list.feed ?? null },
      added: added.slice(0, entriesInAuditMax),
      removed: removed.slice(0, entriesInAuditMax),
    },
  });
}

/**
 * Puts one entry on the list of this name, which is made when there is none. `added`: false: it stood there already. `used`: whether
 * something in the draft asks for the list. Fails with WRONG_KIND when a list of this name holds something else.
 */
export async function addListEntry(
  tx: Transaction,
  actor: Actor,
  { name, kind, entry }: { name: string; kind: AddList["kind"]; entry: string },
): Promise<{ added: boolean; used: boolean }> {
  const row = await tx.list.findUnique({ where: { name } });
  if (row !== null && row.kind !== kind)
    throw new PublicError(
      "WRONG_KIND",
      `Nothing was listed: the draft's list "${name}" holds ${row.kind}, not ${kind}. Rename that list first.`,
    );
  const added = row === null || !row.entries.includes(entry);
  if (row === null) await addList(tx, actor, { name, kind, entries: [entry] });
  else if (added)
    await editList(tx, actor, {
      listId: row.id,
      version: row.version,
      list: { ...listSchema.parse(listOf(row)), entries: [...row.entries, entry] },
    });
  return { added, used: listUsers(await readDraft(tx)).has(name) };
}

/** Takes a list out of the draft. Fails with IN_USE while something refers to it. */
export async function deleteList(tx: Transaction, actor: Actor, { listId, version }: DeleteList): Promise<void> {
  await lockDraft(tx);
  const { name, kind, entries } = await listAt(tx, listId, version);
  await refuseWhileUsed(tx, name, "deleted");
  await tx.list.delete({ where: { id: listId } });
  await appendAudit(tx, actor, {
    action: "list.delete",
    object: `list "${name}"`,
    summary: `${kind}, ${entryCount(entries.length)}`,
    detail: { id: listId, before: cut({ name, kind, entries }) },
  });
}

async function listAt(tx: Transaction, id: string, version: number) {
  const row = await tx.list.findUnique({ where: { id } });
  if (row === null) throw await editConflict(tx, "List", id, true);
  if (row.version !== version)
    throw await editConflict(tx, "List", id, false, { version: row.version, value: listSchema.parse(listOf(row)) });
  return row;
}

async function refuseTakenName(tx: Transaction, name: string): Promise<void> {
  const other = await tx.list.findUnique({ where: { name } });
  if (other !== null) throw takenName("list", name);
}

async function refuseWhileUsed(tx: Transaction, name: string, verb: string): Promise<void> {
  const users = listUsers(await readDraft(tx)).get(name) ?? [];
  if (users.length === 0) return;
  throw stillUsed("list", name, verb, users.map(userWords));
}

function entryCount(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}

function cut({ name, kind, entries }: { name: string; kind: string; entries: string[] }) {
  return { name, kind, entries: entries.slice(0, entriesInAuditMax), entryCount: entries.length };
}
