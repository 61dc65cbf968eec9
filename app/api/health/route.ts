import { databaseAnswers } from "#lib/health/queries.ts";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  const healthy = await databaseAnswers();
  return Response.json({ status: healthy ? "ok" : "database unavailable" }, { status: healthy ? 200 : 503 });
}
