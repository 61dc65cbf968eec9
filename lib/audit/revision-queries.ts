import type { Transaction } from "#lib/db.ts";
import type { AuditFilter } from "./filter.ts";

export type PublishedRevision = {
  number: number;
  digest: string;
  comment: string;
  authorName: string;
  publishedAt: Date;
  restoredFrom: number | null;
  /** The policy document as JSON text. */
  document: string;
};

const revisionsMax = 200;

/**
 * The revisions published in the filter's range (at most 200, newest first), the one that was live at its end, and every
 * document by number that is needed to tell what each of them changed.
 */
export async function publishedRevisions(
  tx: Transaction,
  { from, to }: Pick<AuditFilter, "from" | "to">,
): Promise<{ inRange: PublishedRevision[]; last: PublishedRevision | null; documents: Map<number, string> }> {
  const before = to === null ? {} : { publishedAt: { lt: to } };
  const revisions = await tx.revision.findMany({ where: before, orderBy: { number: "desc" }, take: revisionsMax + 1 });
  const inRange = revisions.slice(0, revisionsMax).filter(({ publishedAt }) => from === null || publishedAt >= from);
  const documents = new Map(revisions.map(({ number, document }) => [number, document]));
  return { inRange, last: revisions[0] ?? null, documents };
}
