import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { checkDocument } from "#core/policy/check-document.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { readDraft } from "./draft-document.ts";
import { missingOf, missingReference } from "./missing-reference.ts";
import { policyInvalid } from "./problem-text.ts";

/** Changes of the draft and publishing go one after the other: the lock is held to the end of the transaction. */
export async function lockPolicy(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('postern.draft'))`;
}

/** The same for an edit of the draft here. Fails with POLICY_ELSEWHERE while the policy lives in a repository: edits are made there. */
export async function lockDraft(tx: Transaction): Promise<void> {
  await lockPolicy(tx);
  const source = await tx.policySource.findFirst();
  if (source === null) return;
  const { repository, path } = source;
  throw new PublicError(
    "POLICY_ELSEWHERE",
    `Nothing was changed: the policy is kept in ${repository}, ${path}. Change it there and apply it.`,
  );
}

/** The draft after a change. Fails with REF_MISSING when all that is wrong with it is a name, else with POLICY_INVALID and everything, so that the change is rolled back. */
export async function checkDraft(tx: Transaction): Promise<PolicyDocument> {
  const document = await readDraft(tx);
  const problems = checkDocument(document);
  const [first] = problems;
  if (first === undefined) return document;
  const missing = problems.length === 1 ? missingOf(first) : null;
  if (missing !== null) throw await missingReference(tx, missing);
  const words = "Not saved: the draft would not hold together. Mend what follows, then save again.";
  throw policyInvalid(words, problems, document);
}
