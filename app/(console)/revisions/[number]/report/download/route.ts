import { z } from "zod";
import { sessionOfRequest } from "#lib/auth/read-session.ts";
import { revisionNumberSchema } from "#lib/revisions/queries.ts";
import { readRevisionReport } from "#lib/revisions/report.ts";
import { type ReportFormat, reportCsv, reportFormats, reportJson } from "#lib/revisions/report-export.ts";

const contentTypes: Record<ReportFormat, string> = { csv: "text/csv; charset=utf-8", json: "application/json" };

/** The report on a revision as a file. 401 without a session. */
export async function GET(request: Request, { params }: { params: Promise<{ number: string }> }): Promise<Response> {
  if ((await sessionOfRequest(request)) === null) return new Response("Sign in first.\n", { status: 401 });
  const format = z.enum(reportFormats).safeParse(new URL(request.url).searchParams.get("format"));
  if (!format.success) return new Response("format is csv or json.\n", { status: 400 });
  const number = revisionNumberSchema.safeParse((await params).number);
  const report = number.success ? await readRevisionReport(number.data) : null;
  if (report === null) return new Response("There is no such revision.\n", { status: 404 });
  return new Response(format.data === "csv" ? reportCsv(report) : reportJson(report), {
    headers: {
      "content-type": contentTypes[format.data],
      "content-disposition": `attachment; filename="revision-r${report.revision.number}.${format.data}"`,
      "cache-control": "no-store",
    },
  });
}
