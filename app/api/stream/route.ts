import { sessionOfToken } from "#lib/auth/queries.ts";
import { tokenOfRequest } from "#lib/auth/read-session.ts";
import { errorResponse } from "#lib/error-response.ts";
import { changeStream } from "#lib/live/change-stream.ts";
import { liveHub, liveStreamsMax } from "#lib/live/hub.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request): Promise<Response> {
  const token = await tokenOfRequest(request);
  if (token === null || (await sessionOfToken(token, new Date())) === null) {
    return errorResponse("SIGNED_OUT", "Sign in first.");
  }
  if (liveHub().size >= liveStreamsMax)
    return errorResponse("TOO_MANY_PAGES", "Too many pages are open; this one does not refresh.");
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
