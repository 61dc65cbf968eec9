import { receiveReport } from "#lib/events/receive-report.ts";

export async function POST(request: Request): Promise<Response> {
  const { status, body } = await receiveReport(request, new Date());
  return Response.json(body, { status });
}
