import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { definitionColumns } from "#lib/revisions/draft-columns.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { stillUsed, takenName } from "#lib/revisions/taken-name.ts";
import {
  type DeleteInspection,
  type EditInspection,
  type InspectionKind,
  type InspectionObject,
  inspectionObjectSchema,
} from "./inspection-input.ts";
import { inspectionFromRow } from "./inspection-row.ts";
import { inspectionUsers } from "./inspection-usage.ts";

/** Adds a scanner, dictionary or notice to the draft and returns its id. */
export async function addInspection(tx: Transaction, actor: Actor, added: InspectionObject): Promise<string> {
  const { kind, object } = added;
  await lockDraft(tx);
  await refuseTakenName(tx, kind, object.name);
  const last = await tx.inspectionObject.aggregate({ where: { kind }, _max: { rank: true } });
  const data = { kind, ...definitionColumns(object), rank: (last._max.rank ?? -1) + 1 };
  const { id } = await tx.inspectionObject.create({ data });
  await record(tx, actor, "add", added, { id, after: object });
  return id;
}

/** Replaces one. Fails with EDIT_CONFLICT for another version, with IN_USE when the name of a used one would change. */
export async function editInspection(
  tx: Transaction,
  actor: Actor,
  { id, version, edited }: EditInspection,
): Promise<void> {
  await lockDraft(tx);
  const before = await inspectionAt(tx, id, version, edited.kind);
  const { kind, object } = edited;
  if (object.name !== before.object.name) {
    await refuseTakenName(tx, kind, object.name);
    await refuseWhileUsed(tx, before, "renamed");
  }
  const data = { ...definitionColumns(object), version: { increment: 1 } };
  await tx.inspectionObject.update({ where: { id }, data });
  await record(tx, actor, "edit", edited, { id, before: before.object, after: object });
}

/** Takes one out of the draft. Fails with IN_USE while something names it. */
export async function deleteInspection(
  tx: Transaction,
  actor: Actor,
  { id, version }: DeleteInspection,
): Promise<void> {
  await lockDraft(tx);
  const before = await inspectionAt(tx, id, version, null);
  await refuseWhileUsed(tx, before, "deleted");
  await tx.inspectionObject.delete({ where: { id } });
  await record(tx, actor, "delete", before, { id, before: before.object });
}

async function inspectionAt(
  tx: Transaction,
  id: string,
  version: number,
  kind: InspectionKind | null,
): Promise<InspectionObject> {
  const row = await tx.inspectionObject.findUnique({ where: { id } });
  if (row === null || (kind !== null && row.kind !== kind))
    throw await editConflict(tx, capitalised(kind ?? row?.kind ?? "object"), id, row === null);
  const value = inspectionObjectSchema.parse(inspectionFromRow(row));
  if (row.version !== version)
    throw await editConflict(tx, capitalised(row.kind), id, false, { version: row.version, value: value.object });
  return value;
}

async function refuseTakenName(tx: Transaction, kind: InspectionKind, name: string): Promise<void> {
  if ((await tx.inspectionObject.findUnique({ where: { kind_name: { kind, name } } })) !== null)
    throw takenName(kind, name);
}

async function refuseWhileUsed(tx: Transaction, { kind, object }: InspectionObject, verb: string): Promise<void> {
  const users = inspectionUsers(await readDraft(tx), kind).get(object.name.toLowerCase()) ?? [];
  if (users.length > 0) throw stillUsed(kind, object.name, verb, users);
}

type Detail = { id: string; before?: unknown; after?: unknown };

async function record(
  tx: Transaction,
  actor: Actor,
  verb: string,
  { kind, object }: InspectionObject,
  detail: Detail,
): Promise<void> {
  await checkDraft(tx);
  const summary = "entries" in object ? `${object.entries.length} entries` : "at" in object ? object.kind : "text";
  await appendAudit(tx, actor, { action: `${kind}.${verb}`, object: `${kind} "${object.name}"`, summary, detail });
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
