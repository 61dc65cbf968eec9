import { z } from "zod";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import type { Transaction } from "#lib/db.ts";

/** How a revision came about. revert: a trial or a roll-out taken back; feed: a list from its feed. */
export const revisionKindSchema = z.enum(["publish", "roll-back", "revert", "feed"]);
export type RevisionKind = z.infer<typeof revisionKindSchema>;

/** What is live before the first publish. */
export const emptyDocument: PolicyDocument = policyDocumentSchema.parse({ version: 1 });

/** The newest revision's row: what every worker should have; null before the first publish. */
export function liveRevision(tx: Transaction) {
  return tx.revision.findFirst({ orderBy: { number: "desc" } });
}

/** A worker's number beyond this is no number of ours; it also keeps the next ones within the column. */
const revisionNumberMax = 1_000_000_000;

type Live = { number: number; digest: string } | null;

/**
 * The highest revision that a worker enforces and this database does not know as live or older: the database was replaced, and the
 * worker, which takes only newer ones, goes on with what it has. Null when there is none, which is the rule.
 */
export async function foreignRevision(tx: Transaction, live: Live): Promise<number | null> {
  const workers = await tx.worker.findMany({
    where: {
      appliedRevision: { gte: Math.max(1, live?.number ?? 0), lte: revisionNumberMax },
      appliedDigest: { not: null },
    },
    select: { appliedRevision: true, appliedDigest: true },
  });
  const foreign = workers.filter(
    ({ appliedRevision, appliedDigest }) => appliedRevision !== live?.number || appliedDigest !== live.digest,
  );
  return foreign.length === 0 ? null : Math.max(...foreign.map(({ appliedRevision }) => appliedRevision));
}

/** The document of a revision. Throws a ZodError for one that today's schema no longer knows. */
export function parseRevision(row: { document: string }): PolicyDocument {
  return policyDocumentSchema.parse(JSON.parse(row.document));
}
