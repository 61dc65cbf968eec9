import { sessionOfToken } from "#lib/auth/queries.ts";
import { tokenOfRequest } from "#lib/auth/read-session.ts";
import { changeStream } from "#lib/live/change-stream.ts";
import { liveHub, liveStreamsMax } from "#lib/live/hub.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request): Promise<Response> {
  const token = await tokenOfRequest(request);
  if (token === null || (await sessionOfToken(token, new Date())) === null) {
    return refusal(401, "unauthorized", "Sign in first.");
  }
  if (liveHub().size >= liveStreamsMax)
    return refusal(503, "busy", "Too many pages are open; this one does not refresh.");
  const stream = changeStream(liveHub(), {
    signal: request.signal,
    stillAllowed: async () => (await sessionOfToken(token, new Date())) !== null,
  });
  const headers = {
    "content-type": "text/event-stream",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  };
  return new Response(stream, { headers });
}

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}
