import { diffDocuments } from "#core/policy/diff.ts";
import { snapshot, type Transaction } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { countByAuthor, type DraftAuthor, type EditOf } from "./change-authors.ts";
import { auditEnd, currentDraft } from "./draft-memo.ts";
import { emptyDocument, parseRevision } from "./revision-row.ts";

/** For the bar on every page. */
export type DraftSummary = {
  changes: number;
  liveRevision: number | null;
  /** Whose the changes are, since it was last published or thrown away, the last one first. */
  authors: DraftAuthor[];
  /** Another one after every change of the draft. */
  state: string;
};

/** What begins the name of an audit action that changed the draft. */
const draftNouns = [
  "rule",
  "none-matched",
  "ruleset",
  "policy",
  "list",
  "route",
  "interface",
  "scanner",
  "dictionary",
  "notice",
  "proxy-action",
  "test",
  "draft",
];

let known: { key: string; summary: DraftSummary } | null = null;

/**
 * How far the draft is from what is live. It is in the frame of every page, so it is worked out once for each end of the audit log: no change
 * of the draft goes without its audit row.
 */
export function draftSummary(): Promise<DraftSummary> {
  return snapshot(async (tx) => {
    const live = await tx.revision.findFirst({ orderBy: { number: "desc" }, select: { number: true, digest: true } });
    const state = await auditEnd(tx);
    const key = `${live?.digest} ${live?.number} ${state}`;
    if (known?.key !== key) known = { key, summary: await workOut(tx, live?.number ?? null, state ?? "") };
    return known.summary;
  });
}

async function workOut(tx: Transaction, number: number | null, state: string): Promise<DraftSummary> {
  const live = number === null ? null : await tx.revision.findUniqueOrThrow({ where: { number } });
  const draft = await currentDraft(tx);
  const same = live?.document === JSON.stringify(draft);
  const changes = same ? [] : diffDocuments(live === null ? emptyDocument : parseRevision(live), draft);
  const authors = changes.length === 0 ? [] : countByAuthor(changes, await editsSince(tx));
  return { changes: changes.length, liveRevision: number, authors, state };
}

/** Publishing and discarding make the draft what is live. Rolling back leaves one with changes as it is, and so does a revision that was taken back. */
function editsSince(tx: Transaction): Promise<EditOf[]> {
  return tx.$queryRaw<EditOf[]>(Prisma.sql`
    SELECT actor, object, detail->>'id' AS id FROM "AuditEntry"
    WHERE split_part(action, '.', 1) = ANY(${draftNouns}) AND action <> 'rule.reset-counters' AND sequence > coalesce((
      SELECT max(sequence) FROM "AuditEntry"
      WHERE action = 'draft.discard' OR (action = 'revision.publish' AND object NOT IN (
        SELECT 'revision r' || number FROM "RevisionTrial" WHERE ending = 'reverted'
        UNION ALL SELECT 'revision r' || number FROM "Rollout" WHERE ending = 'reverted'))), 0)
    GROUP BY actor, object, detail->>'id' ORDER BY max(sequence) DESC`);
}
