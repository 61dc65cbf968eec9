import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { type DocumentEdit, editsBetween } from "#core/policy/patch.ts";
import { renamesBetween, withRenames } from "#core/policy/renames.ts";
import { sameValue } from "#core/policy/same-value.ts";
import type { Transaction } from "#lib/db.ts";
import { readDraft } from "./draft-document.ts";
import { type DraftTable, namedTables, policyTable, renameRows, writeNoneMatched } from "./draft-tables.ts";
import { writeRules } from "./replace-rules.ts";
import { withKnownRuleIds } from "./rule-identity.ts";

/**
 * Makes the draft equal to a checked document, and touches only the rows of what is another. Objects keep their row by name, or under another as
 * renamesBetween says, and rules theirs as withKnownRuleIds says; the version of what changed rises, so that an editor opened before hears of it. The caller holds the
 * draft's lock.
 */
export async function replaceDraft(tx: Transaction, incoming: PolicyDocument): Promise<void> {
  const before = await readDraft(tx);
  const renames = renamesBetween(before, incoming);
  const document = withKnownRuleIds(incoming, withRenames(before, renames));
  await renameRows(tx, renames);
  const edits = editsBetween(renames.length === 0 ? before : await readDraft(tx), document);
  const tables = namedTables(tx, document);
  // Policies refer to rows of the others: theirs go first and come last.
  const policies = policyTable(tx, document);
  await policies.remove(goneOf(policies, edits));
  for (const table of tables) await put(table, edits);
  await writeNoneMatched(tx, document, edits);
  await writeRules(tx, document, edits);
  await put(policies, edits);
  for (const table of tables) await table.remove(goneOf(table, edits));
}

async function put(table: DraftTable, edits: readonly DocumentEdit[]): Promise<void> {
  const own = edits.filter(({ path }) => path[0] === table.section);
  const added = own.filter(({ before }) => before === null).map(({ key }) => key);
  if (added.length > 0) await table.add(new Set(added));
  for (const { key, before, after } of own)
    if (before !== null && after !== null && !sameValue(before, after)) await table.change(key);
  if (own.some(({ placeBefore, placeAfter }) => placeBefore !== null || placeAfter !== null)) await table.order();
}

function goneOf({ section }: DraftTable, edits: readonly DocumentEdit[]): string[] {
  return edits.filter(({ path, after }) => path[0] === section && after === null).map(({ key }) => key);
}
