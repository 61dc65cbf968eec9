import type { AuditReport } from "./report.ts";

/** The whole report as JSON: each row with its hash and the one before, so that the chain can be checked elsewhere. */
export function auditJson(report: AuditReport): string {
  return `${JSON.stringify({ product: "Postern", format: 1, ...report }, null, 2)}\n`;
}
