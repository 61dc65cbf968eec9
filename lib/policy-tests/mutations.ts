import { type PolicyTest, policyTestSchema } from "#core/contract/policy-test.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { definitionColumns } from "#lib/revisions/draft-columns.ts";
import { definitionFromRow } from "#lib/revisions/draft-document.ts";
import { checkDraft, lockDraft } from "#lib/revisions/draft-lock.ts";
import { editConflict } from "#lib/revisions/edit-conflict.ts";
import { takenName } from "#lib/revisions/taken-name.ts";
import type { EditPolicyTest, PolicyTestRef } from "./policy-test-input.ts";

/** Adds a test to the draft, at the end, and returns its id. Fails with NAME_TAKEN for a name that is taken. */
export async function addPolicyTest(tx: Transaction, actor: Actor, test: PolicyTest): Promise<string> {
  await lockDraft(tx);
  if ((await tx.policyTest.findUnique({ where: { name: test.name } })) !== null)
    throw takenName("policy test", test.name);
  const last = await tx.policyTest.aggregate({ _max: { rank: true } });
  const { id } = await tx.policyTest.create({ data: { ...definitionColumns(test), rank: (last._max.rank ?? -1) + 1 } });
  await record(tx, actor, "add", test, { id, after: test });
  return id;
}

/** Replaces a test. Fails with EDIT_CONFLICT for another version. */
export async function editPolicyTest(
  tx: Transaction,
  actor: Actor,
  { testId, version, test }: EditPolicyTest,
): Promise<void> {
  await lockDraft(tx);
  const before = await testAt(tx, { testId, version });
  const other = await tx.policyTest.findUnique({ where: { name: test.name } });
  if (other !== null && other.id !== testId) throw takenName("policy test", test.name);
  await tx.policyTest.update({
    where: { id: testId },
    data: { ...definitionColumns(test), version: { increment: 1 } },
  });
  await record(tx, actor, "edit", test, { id: testId, before, after: test });
}

/** Takes a test out of the draft. Fails with EDIT_CONFLICT for another version. */
export async function deletePolicyTest(tx: Transaction, actor: Actor, ref: PolicyTestRef): Promise<void> {
  await lockDraft(tx);
  const before = await testAt(tx, ref);
  await tx.policyTest.delete({ where: { id: ref.testId } });
  await record(tx, actor, "delete", before, { id: ref.testId, before });
}

async function testAt(tx: Transaction, { testId, version }: PolicyTestRef): Promise<PolicyTest> {
  const row = await tx.policyTest.findUnique({ where: { id: testId } });
  if (row === null) throw await editConflict(tx, "Policy test", testId, true);
  const value = policyTestSchema.parse(definitionFromRow(row));
  if (row.version !== version)
    throw await editConflict(tx, "Policy test", testId, false, { version: row.version, value });
  return value;
}

async function record(tx: Transaction, actor: Actor, verb: string, test: PolicyTest, detail: object): Promise<void> {
  await checkDraft(tx);
  const summary = `must be ${test.must.verdict.join(" or ")}`;
  await appendAudit(tx, actor, { action: `test.${verb}`, object: `policy test "${test.name}"`, summary, detail });
}
