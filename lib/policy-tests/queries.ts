import { type PolicyTest, policyTestSchema } from "#core/contract/policy-test.ts";
import { database } from "#lib/db.ts";
import { definitionFromRow, readDraft } from "#lib/revisions/draft-document.ts";
import { runPolicyTests, type TestRun } from "./run.ts";

export type PolicyTestView = { id: string; version: number; test: PolicyTest };

/** The tests of the draft, in order. */
export async function readPolicyTests(): Promise<PolicyTestView[]> {
  const rows = await database().policyTest.findMany({ orderBy: { rank: "asc" } });
  return rows.map(viewOf);
}

/** How many there are. */
export function countPolicyTests(): Promise<number> {
  return database().policyTest.count();
}

/** One of them, or null. */
export async function readPolicyTest(testId: string): Promise<PolicyTestView | null> {
  const row = await database().policyTest.findUnique({ where: { id: testId } });
  return row === null ? null : viewOf(row);
}

/** How the tests of the draft fare against it. */
export async function runDraftTests(): Promise<TestRun[]> {
  return runPolicyTests(await readDraft(database()));
}

function viewOf(row: { id: string; version: number; name: string; definition: unknown }): PolicyTestView {
  return { id: row.id, version: row.version, test: policyTestSchema.parse(definitionFromRow(row)) };
}
