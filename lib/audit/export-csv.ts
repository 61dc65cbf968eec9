import { csvOf } from "#lib/csv.ts";
import type { AuditReport } from "./report.ts";

const columns = [
  "sequence",
  "at",
  "actor",
  "address",
  "role",
  "via",
  "action",
  "object",
  "summary",
  "detail",
  "previousHash",
  "hash",
] as const;

/** The rows as CSV. */
export function auditCsv({ entries }: AuditReport): string {
  const records = entries.map((entry) => [
    String(entry.sequence),
    entry.at.toISOString(),
    entry.actor,
    entry.address ?? "",
    entry.role ?? "",
    entry.via ?? "",
    entry.action,
    entry.object,
    entry.summary,
    entry.detail === null ? "" : JSON.stringify(entry.detail),
    entry.previousHash,
    entry.hash,
  ]);
  return csvOf([columns, ...records]);
}
