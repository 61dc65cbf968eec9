import { receiveReport } from "#lib/events/receive-report.ts";
import { repairWorker } from "#lib/revisions/push.ts";
import { repairDue } from "#lib/workers/repair-pace.ts";

export async function POST(request: Request): Promise<Response> {
  const { status, body, driftedWorkerId } = await receiveReport(request, new Date());
  if (driftedWorkerId !== null && repairDue(driftedWorkerId, Date.now())) {
    // The worker waits for this answer: the push to it comes afterwards.
    repairWorker(driftedWorkerId).catch((error: unknown) => console.error("repair push failed", error));
  }
  return Response.json(body, { status });
}
