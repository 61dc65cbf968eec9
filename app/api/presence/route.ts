import { lackingWords } from "#core/contract/permission.ts";
import { openObjectSchema } from "#core/contract/presence.ts";
import { sessionOfRequest } from "#lib/auth/read-session.ts";
import { errorResponse } from "#lib/error-response.ts";
import { noteOpen } from "#lib/presence/mutations.ts";
import { openElsewhere } from "#lib/presence/queries.ts";

const bodyBytesMax = 1_000;

/** What other people have open of the draft. */
export async function GET(request: Request): Promise<Response> {
  const session = await sessionOfRequest(request);
  if (session === null) return errorResponse("SIGNED_OUT", "Sign in first.");
  return Response.json(await openElsewhere(session.userId, new Date()), { headers: { "cache-control": "no-store" } });
}

/** An open editor tells that it is open, and hears who else has the object open. */
export async function POST(request: Request): Promise<Response> {
  const session = await sessionOfRequest(request);
  if (session === null) return errorResponse("SIGNED_OUT", "Sign in first.");
  // Who may not edit has no editor open that anybody would have to know of.
  if (!session.permissions.includes("edit")) return errorResponse("FORBIDDEN", lackingWords("edit"));
  const length = request.headers.get("content-length") ?? "";
  if (!/^\d{1,9}$/.test(length) || Number(length) > bodyBytesMax)
    return errorResponse("TOO_LARGE", "Say less, and how much.");
  const told = openObjectSchema.safeParse(await request.json().catch(() => null));
  if (!told.success) return errorResponse("INPUT_INVALID", "This is not what an editor says.");
  return Response.json(await noteOpen(session, told.data, new Date()), { headers: { "cache-control": "no-store" } });
}
