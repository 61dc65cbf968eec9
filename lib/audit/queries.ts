import { z } from "zod";
import { database, type Transaction } from "#lib/db.ts";
import type { Prisma } from "#lib/generated/prisma/client.ts";
import type { JsonValue } from "./canonical.ts";
import { type ChainStatus, verifyChain } from "./chain.ts";
import { type AuditFilter, auditWhere } from "./filter.ts";

export type AuditEntryView = {
  sequence: number;
  at: Date;
  actor: string;
  address: string | null;
  action: string;
  object: string;
  summary: string;
  detail: JsonValue;
  previousHash: string;
  hash: string;
};

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
    database().auditEntry.findMany({ distinct: "actor", select: { actor: true }, orderBy: { actor: "asc" } }),
    database().auditEntry.findMany({ distinct: "action", select: { action: true }, orderBy: { action: "asc" } }),
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

/** At most `rowsMax` rows of the filter, newest first, and how many there are. */
export async function auditRows(
  tx: Transaction,
  filter: AuditFilter,
  rowsMax: number,
): Promise<{ entries: AuditEntryView[]; total: number }> {
  const where = auditWhere(filter);
  const total = await tx.auditEntry.count({ where });
  const rows = await tx.auditEntry.findMany({ where, orderBy: { sequence: "desc" }, take: rowsMax });
  return { entries: rows.map(viewOf), total };
}

function viewOf({ sequence, detail, ...rest }: Prisma.AuditEntryGetPayload<object>): AuditEntryView {
  return { sequence: Number(sequence), ...rest, detail: z.json().parse(detail) };
}
