import { type Report, type ReportAnswer, reportBytesMax, reportSchema } from "#core/contract/report.ts";
import { database, transaction } from "#lib/db.ts";
import { bearerToken, readBody } from "#lib/read-body.ts";
import { meantRevision } from "#lib/workers/meant-revision.ts";
import { applyReport } from "./mutations.ts";
import { workerOfReportToken } from "./queries.ts";

export type ReportRefusal = { error: { code: string; message: string } };

/** The HTTP answer to a report, and whether the worker that sent it enforces something else than the revision that it should have. */
export type Received = { status: number; body: ReportAnswer | ReportRefusal; driftedWorkerId: string | null };

/** Takes a worker's report: token → size → shape → one transaction. Answers 200, 400, 401, 413 or 422; rejects when the database is away. */
export async function receiveReport(request: Request, now: Date): Promise<Received> {
  const workerId = await authenticate(request);
  if (workerId === null) return refusal(401, "unauthorized", "This report token is not known.");
  const text = await readBody(request, reportBytesMax);
  if (text === null) return refusal(413, "too-large", `A report has at most ${reportBytesMax} bytes.`);
  const parsed = parseReport(text);
  if (typeof parsed === "string") return refusal(400, "bad-request", parsed);
  if (!parsed.success) {
    const reasons = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    return refusal(422, "invalid-report", reasons.join("; "));
  }
  const report = parsed.data;
  if (report.workerId !== workerId) return refusal(401, "unauthorized", "This token is another worker's.");
  const acceptedSequence = await transaction((tx) => applyReport(tx, report, now));
  if (acceptedSequence === null) return refusal(401, "unauthorized", "This worker is not known.");
  return { status: 200, body: { acceptedSequence }, driftedWorkerId: (await hasDrifted(report)) ? workerId : null };
}

async function authenticate(request: Request): Promise<string | null> {
  const token = bearerToken(request);
  return token === null ? null : workerOfReportToken(token);
}

async function hasDrifted({ workerId, status }: Report): Promise<boolean> {
  const meant = await meantRevision(database(), workerId);
  return meant !== null && (status.revision !== meant.number || status.digest !== meant.digest);
}

function parseReport(text: string) {
  try {
    return reportSchema.safeParse(JSON.parse(text));
  } catch {
    return "The body is not JSON.";
  }
}

function refusal(status: number, code: string, message: string): Received {
  return { status, body: { error: { code, message } }, driftedWorkerId: null };
}
