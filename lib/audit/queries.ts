import { z } from "zod";
import { database, snapshot, type Transaction } from "#lib/db.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import type { AuditContent } from "./canonical.ts";
import { type ChainStatus, verifyChain } from "./chain.ts";
import { type AuditFilter, auditWhere } from "./filter.ts";

export type AuditEntryView = Omit<AuditContent, "sequence"> & { sequence: number; hash: string };

export const auditPageRows = 50;

/** A page of audit rows, newest first, before the row `before` (null: from the newest). `next` leads to the older ones. */
export async function listAudit(
  filter: AuditFilter,
  before: number | null,
): Promise<{ entries: AuditEntryView[]; next: number | null }> {
  const where = { AND: [auditWhere(filter), before === null ? {} : { sequence: { lt: before } }] };
  const rows = await database().auditEntry.findMany({ where, orderBy: { sequence: "desc" }, take: auditPageRows + 1 });
  const entries = rows.slice(0, auditPageRows).map(viewOf);
  return { entries, next: rows.length > auditPageRows ? (entries.at(-1)?.sequence ?? null) : null };
}

/** Who and what the log knows: the choices of the filter. */
export async function auditFacets(): Promise<{ actors: string[]; actions: string[] }> {
  const [actors, actions] = await Promise.all([
    // Prisma's own distinct fetches every row.
    database().auditEntry.groupBy({ by: "actor", orderBy: { actor: "asc" } }),
    database().auditEntry.groupBy({ by: "action", orderBy: { action: "asc" } }),
  ]);
  return { actors: actors.map(({ actor }) => actor), actions: actions.map(({ action }) => action) };
}

/** The page refreshes with every new row: it checks the new ones each time, and all of them again after this time. */
const wholeChainEveryMs = 60_000;
const holder = globalThis as typeof globalThis & { posternChain?: { status: ChainStatus; wholeAt: number } };

/** How far the chain holds at `now`. */
export async function auditChain(now: Date): Promise<ChainStatus> {
  const last = holder.posternChain;
  const known = last !== undefined && last.status.fault === null && now.getTime() - last.wholeAt < wholeChainEveryMs;
  const status = await (known ? verifyChain(database(), last.status) : verifyChain(database()));
  holder.posternChain = { status, wholeAt: known ? last.wholeAt : now.getTime() };
  return status;
}

/** All that a report shows, as it is at one moment: at most `rowsMax` rows, newest first, and how many there are. */
export function readForReport(filter: AuditFilter, rowsMax: number) {
  return snapshot(async (tx) => {
    const where = auditWhere(filter);
    const total = await tx.auditEntry.count({ where });
    const rows = await tx.auditEntry.findMany({ where, orderBy: { sequence: "desc" }, take: rowsMax });
    const revisions = await publishedRevisions(tx, filter);
    return { entries: rows.map(viewOf), total, chain: await verifyChain(tx), revisions };
  });
}

function viewOf({ sequence, detail, ...rest }: Prisma.AuditEntryGetPayload<object>): AuditEntryView {
  return { sequence: Number(sequence), ...rest, detail: z.json().parse(detail) };
}
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
 * The revisions published in the filter's range (at most 200, newest first), the one that was live at its end, and the
 * document that each of them followed, to tell what it changed.
 */
async function publishedRevisions(
  tx: Transaction,
  { from, to }: Pick<AuditFilter, "from" | "to">,
): Promise<{
  inRange: PublishedRevision[];
  last: PublishedRevision | null;
  before(number: number): string | undefined;
}> {
  const where = to === null ? {} : { publishedAt: { lt: to } };
  const revisions = await tx.revision.findMany({ where, orderBy: { number: "desc" }, take: revisionsMax + 1 });
  const inRange = revisions.slice(0, revisionsMax).filter(({ publishedAt }) => from === null || publishedAt >= from);
  // Newest first, and numbers may have gaps.
  const before = (number: number) => revisions.find((older) => older.number < number)?.document;
  return { inRange, last: revisions[0] ?? null, before };
}
