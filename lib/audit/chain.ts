import { z } from "zod";
import type { Transaction } from "#lib/db.ts";
import { type AuditContent, auditHash, chainStart } from "./canonical.ts";

/** How far the chain holds. `head` is the last good row's hash; `fault` says what is wrong with the row after it. */
export type ChainStatus = { verified: number; head: string; fault: { sequence: number; reason: string } | null };

const batchRows = 1_000;
const wholeChain: Pick<ChainStatus, "verified" | "head"> = { verified: 0, head: chainStart };

/**
 * Recomputes the hash of every row after `known` (by default of all): an altered, removed, inserted or reordered row is found.
 */
export async function verifyChain(tx: Transaction, known = wholeChain): Promise<ChainStatus> {
  let verified = BigInt(known.verified);
  let head = known.head;
  for (;;) {
    const rows = await tx.auditEntry.findMany({
      where: { sequence: { gt: verified } },
      orderBy: { sequence: "asc" },
      take: batchRows,
    });
    for (const row of rows) {
      const reason = faultOf({ ...row, detail: z.json().parse(row.detail) }, row.hash, verified + 1n, head);
      if (reason !== null)
        return { verified: Number(verified), head, fault: { sequence: Number(verified) + 1, reason } };
      verified = row.sequence;
      head = row.hash;
    }
    if (rows.length < batchRows) return { verified: Number(verified), head, fault: null };
  }
}

function faultOf(row: AuditContent, hash: string, sequence: bigint, previousHash: string): string | null {
  if (row.sequence !== sequence) return `Row ${sequence} is missing.`;
  if (row.previousHash !== previousHash) return `Row ${sequence} does not follow from the row before it.`;
  if (auditHash(row) !== hash) return `Row ${sequence} was altered.`;
  return null;
}
