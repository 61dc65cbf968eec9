import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import type { Transaction } from "#lib/db.ts";

/** The newest revision's row: what every worker should have; null before the first publish. */
export function liveRevision(tx: Transaction) {
  return tx.revision.findFirst({ orderBy: { number: "desc" } });
}

/** The document of a revision. Throws a ZodError for one that today's schema no longer knows. */
export function parseRevision(row: { document: string }): PolicyDocument {
  return policyDocumentSchema.parse(JSON.parse(row.document));
}
