import { sessionOfRequest } from "#lib/auth/read-session.ts";
import { errorResponse } from "#lib/error-response.ts";
import { readLintInput } from "#lib/lint/queries.ts";

/** The draft with what the lint in the browser needs to tell of it. */
export async function GET(request: Request): Promise<Response> {
  const session = await sessionOfRequest(request);
  if (session === null) return errorResponse("SIGNED_OUT", "Sign in first.");
  return Response.json(await readLintInput(new Date()), { headers: { "cache-control": "no-store" } });
}
