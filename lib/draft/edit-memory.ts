import { z } from "zod";
import { checkDocument } from "#core/policy/check-document.ts";
import { diffDocuments } from "#core/policy/diff.ts";
import { changeBetween, documentChangeSchema, takeBack } from "#core/policy/document-change.ts";
import type { DocumentEdit } from "#core/policy/patch.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { database, type Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { lockDraft } from "#lib/revisions/draft-lock.ts";
import { currentDraft } from "#lib/revisions/draft-memo.ts";
import { policyInvalid } from "#lib/revisions/problem-text.ts";
import { replaceDraft } from "#lib/revisions/replace-draft.ts";

/** An edit that takes more than this to remember, in characters, cannot be undone: a long list that was deleted. */
export const rememberedEditMax = 1_000_000;
/** Longer than an undo is offered. */
const rememberedMs = 60 * 60_000;
const changesInAuditMax = 100;

/** Does an edit of the draft and remembers what it changed; `undo` is the name for undoEdit. */
export async function rememberEdit<Value>(
  tx: Transaction,
  actor: Actor,
  edit: () => Promise<Value>,
): Promise<{ value: Value; undo?: string }> {
  await lockDraft(tx);
  const before = await currentDraft(tx);
  const value = await edit();
  const change = changeBetween(before, await currentDraft(tx));
  const text = JSON.stringify(change);
  await tx.draftEdit.deleteMany({ where: { at: { lt: new Date(Date.now() - rememberedMs) } } });
  if (change.renames.length + change.edits.length === 0 || text.length > rememberedEditMax) return { value };
  const last = await tx.auditEntry.findFirst({ orderBy: { sequence: "desc" }, select: { sequence: true } });
  const data = { actor: actor.name, edits: text, entry: last?.sequence ?? null };
  const { id } = await tx.draftEdit.create({ data });
  return { value, undo: id };
}

/** The edits that can be undone still, by the last row that they wrote into the audit log; of these rows. */
export async function undoableEdits(sequences: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const found = await database().draftEdit.findMany({
    where: { entry: { in: sequences.map(BigInt) } },
    select: { id: true, entry: true },
  });
  return new Map(found.map(({ id, entry }) => [Number(entry), id]));
}

/** Takes an edit of the draft back. Fails with UNDO_TOO_LATE when it is too old, with EDIT_CONFLICT when what it changed was changed again. */
export async function undoEdit(tx: Transaction, actor: Actor, { edit }: { edit: string }): Promise<void> {
  await lockDraft(tx);
  const row = await tx.draftEdit.findUnique({ where: { id: edit } });
  // What another version of the console remembered is as good as forgotten.
  const remembered = row === null ? null : documentChangeSchema.safeParse(JSON.parse(row.edits));
  if (row === null || !remembered?.success)
    throw new PublicError(
      "UNDO_TOO_LATE",
      "Not undone: this was more than an hour ago, or was undone already. Discard the change on Review & publish, or edit the object.",
    );
  const before = await readDraft(tx);
  const undone = takeBack(before, remembered.data);
  if (!undone.ok)
    throw new PublicError(
      "EDIT_CONFLICT",
      `Not undone: ${clashWords(undone.clashes)} changed again since. Edit what is there now, or discard its changes on Review & publish.`,
    );
  const problems = checkDocument(undone.document);
  if (problems.length > 0)
    throw policyInvalid(
      "Not undone: the draft would not hold together. Change what needs it first.",
      problems,
      undone.document,
    );
  await replaceDraft(tx, undone.document);
  await tx.draftEdit.delete({ where: { id: edit } });
  const changes = diffDocuments(before, undone.document).map(({ words }) => words);
  await appendAudit(tx, actor, {
    action: "draft.undo",
    object: "the draft",
    summary: `An edit of ${row.actor} undone: ${changes[0] ?? "nothing that words tell"}${changes.length > 1 ? ` and ${changes.length - 1} more` : ""}`,
    detail: { changes: changes.slice(0, changesInAuditMax) },
  });
}

function clashWords(clashes: readonly DocumentEdit[]): string {
  const names = clashes.map(({ key, before, after }) => `“${nameIn(before) ?? nameIn(after) ?? key}”`);
  return names.length === 1 ? `${names[0]} was` : `${names[0]} and ${names.length - 1} more were`;
}

function nameIn(value: unknown): string | undefined {
  return z.object({ name: z.string() }).safeParse(value).data?.name;
}
