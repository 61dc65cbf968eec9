import { findTextSchema } from "#core/contract/found.ts";
import { sessionOfRequest } from "#lib/auth/read-session.ts";
import { errorResponse } from "#lib/error-response.ts";
import { findObjects } from "#lib/find/queries.ts";

/** What the search of the header finds for `text`. */
export async function GET(request: Request): Promise<Response> {
  const session = await sessionOfRequest(request);
  if (session === null) return errorResponse("SIGNED_OUT", "Sign in first.");
  const text = findTextSchema.safeParse(new URL(request.url).searchParams.get("text"));
  if (!text.success) return errorResponse("INPUT_INVALID", "Ask with 1 to 1,000 characters.");
  return Response.json({ found: await findObjects(text.data) }, { headers: { "cache-control": "no-store" } });
}
