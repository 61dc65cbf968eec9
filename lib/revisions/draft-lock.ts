import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { checkDocument } from "#core/policy/check-document.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { readDraft } from "./draft-document.ts";
import { problemText } from "./problem-text.ts";

/** Changes of the draft and publishing go one after the other: the lock is held to the end of the transaction. */
export async function lockPolicy(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('postern.draft'))`;
}

/** The same for an edit of the draft here. Fails with "managed" while the policy lives in a repository: edits are made there. */
export async function lockDraft(tx: Transaction): Promise<void> {
  await lockPolicy(tx);
  const source = await tx.policySource.findFirst();
  if (source === null) return;
  const { repository, path } = source;
  throw new PublicError(
    "managed",
    `Nothing was changed: the policy is kept in ${repository}, ${path}. Change it there.`,
  );
}

/** The draft after a change, or a PublicError "invalid" with everything that is wrong with it, so that the change is rolled back. */
export async function checkDraft(tx: Transaction): Promise<PolicyDocument> {
  const document = await readDraft(tx);
  const problems = checkDocument(document);
  if (problems.length > 0) throw new PublicError("invalid", problemText(problems, document));
  return document;
}
