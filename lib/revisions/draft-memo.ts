import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Transaction } from "#lib/db.ts";
import { readDraft } from "./draft-document.ts";

type Memo = { end: string; document: PolicyDocument };
const holder = globalThis as typeof globalThis & { posternDraft?: Memo };

/** The hash of the last row of the audit log, null while it is empty. No change of the draft goes without its row there, in the same transaction. */
export async function auditEnd(tx: Transaction): Promise<string | null> {
  const last = await tx.auditEntry.findFirst({ orderBy: { sequence: "desc" }, select: { hash: true } });
  return last?.hash ?? null;
}

/**
 * The draft as readDraft gives it, read once for each end of the audit log. A row that is rolled back is never the end again, so what was
 * read under it is never taken for what is there.
 */
export async function currentDraft(tx: Transaction): Promise<PolicyDocument> {
  const end = await auditEnd(tx);
  if (end !== null && holder.posternDraft?.end === end) return holder.posternDraft.document;
  const document = await readDraft(tx);
  if (end !== null) holder.posternDraft = { end, document };
  return document;
}
