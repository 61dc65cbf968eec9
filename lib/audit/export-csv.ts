import { stringify } from "csv-stringify/sync";
import type { AuditReport } from "./report.ts";

const columns = [
  "sequence",
  "at",
  "actor",
  "address",
  "action",
  "object",
  "summary",
  "detail",
  "previousHash",
  "hash",
] as const;

/** The rows as CSV (RFC 4180, UTF-8 with a byte order mark): a cell that a spreadsheet would take for a formula gets a ' in front. */
export function auditCsv({ entries }: AuditReport): string {
  const records = entries.map((entry) =>
    [
      String(entry.sequence),
      entry.at.toISOString(),
      entry.actor,
      entry.address ?? "",
      entry.action,
      entry.object,
      entry.summary,
      entry.detail === null ? "" : JSON.stringify(entry.detail),
      entry.previousHash,
      entry.hash,
    ].map(inert),
  );
  return stringify([[...columns], ...records], { bom: true, record_delimiter: "windows" });
}

/** CWE-1236: a formula may start a cell, also after white space or a quote. */
function inert(cell: string): string {
  return /^[\s"']*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}
