import { z } from "zod";
import { sessionOfRequest } from "#lib/auth/read-session.ts";
import { changesCsv } from "#lib/replay/changes-export.ts";

/** The messages of a replay that get another verdict, as CSV. 401 without a session. */
export async function GET(request: Request, { params }: { params: Promise<{ job: string }> }): Promise<Response> {
  if ((await sessionOfRequest(request)) === null) return new Response("Sign in first.\n", { status: 401 });
  const job = z.uuid().safeParse((await params).job);
  const csv = job.success ? await changesCsv(job.data) : null;
  if (csv === null) return new Response("There is no such replay.\n", { status: 404 });
  return new Response(csv, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="replay-changes.csv"',
      "cache-control": "no-store",
    },
  });
}
