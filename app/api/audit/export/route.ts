import { z } from "zod";
import { auditCsv } from "#lib/audit/export-csv.ts";
import { auditJson } from "#lib/audit/export-json.ts";
import { auditPdf } from "#lib/audit/export-pdf.ts";
import { auditFilterOf } from "#lib/audit/filter.ts";
import { type AuditReport, type ExportFormat, exportFormats, makeAuditReport } from "#lib/audit/report.ts";
import { clientAddress } from "#lib/auth/client-address.ts";
import { actorOf } from "#lib/auth/queries.ts";
import { sessionOfRequest } from "#lib/auth/read-session.ts";
import { errorResponse } from "#lib/error-response.ts";

const contentTypes: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  pdf: "application/pdf",
};

export async function GET(request: Request): Promise<Response> {
  const session = await sessionOfRequest(request);
  if (session === null) return errorResponse("SIGNED_OUT", "Sign in first.");
  // An export is a row in the log: no other site may cause one through the browser of somebody who is signed in.
  if (request.headers.get("sec-fetch-site") === "cross-site")
    return errorResponse("FOREIGN_ORIGIN", "Export from the audit log's page.");
  const search = new URL(request.url).searchParams;
  const format = z.enum(exportFormats).safeParse(search.get("format"));
  if (!format.success) return errorResponse("BAD_REQUEST", "format is csv, json or pdf.");
  const now = new Date();
  const actor = actorOf(session, clientAddress(request.headers));
  const input = { filter: auditFilterOf(search, now), format: format.data, actor, now };
  const report = await makeAuditReport(input);
  const cut = report.total > report.entries.length ? `_newest-${report.entries.length}-of-${report.total}` : "";
  const name = `postern-audit_${now.toISOString().slice(0, 16).replace(":", "")}Z${cut}.${format.data}`;
  return new Response(await render(report, format.data), {
    headers: {
      "content-type": contentTypes[format.data],
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}

function render(report: AuditReport, format: ExportFormat): string | Promise<Uint8Array<ArrayBuffer>> {
  switch (format) {
    case "csv":
      return auditCsv(report);
    case "json":
      return auditJson(report);
    case "pdf":
      return auditPdf(report);
    default:
      return format satisfies never;
  }
}
