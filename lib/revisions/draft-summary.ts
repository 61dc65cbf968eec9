import { diffDocuments } from "#core/policy/diff.ts";
import { snapshot, type Transaction } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { auditEnd, currentDraft } from "./draft-memo.ts";
import { emptyDocument, parseRevision } from "./revision-row.ts";

/** For the bar on every page. */
export type DraftSummary = {
  changes: number;
  liveRevision: number | null;
  /** Who changed it since it was last published or thrown away, the last one first; none without changes. */
  authors: string[];
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
/** After these the draft is what is live; rolling back leaves a draft with changes as it is. */
const cleanSlates = ["revision.publish", "draft.discard"];

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
  const changes = same ? 0 : diffDocuments(live === null ? emptyDocument : parseRevision(live), draft).length;
  return { changes, liveRevision: number, authors: changes === 0 ? [] : await authorsSince(tx), state };
}

async function authorsSince(tx: Transaction): Promise<string[]> {
  const slate = await tx.auditEntry.findFirst({
    where: { action: { in: cleanSlates } },
    orderBy: { sequence: "desc" },
  });
  const rows = await tx.$queryRaw<{ actor: string }[]>(Prisma.sql`
    SELECT actor FROM "AuditEntry"
    WHERE sequence > ${slate?.sequence ?? 0n} AND split_part(action, '.', 1) = ANY(${draftNouns})
    GROUP BY actor ORDER BY max(sequence) DESC`);
  return rows.map(({ actor }) => actor);
}
