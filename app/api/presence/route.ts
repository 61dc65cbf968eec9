import { lackingWords } from "#core/contract/permission.ts";
import { openObjectSchema } from "#core/contract/presence.ts";
import { sessionOfRequest } from "#lib/auth/read-session.ts";
import { noteOpen } from "#lib/presence/mutations.ts";

const bodyBytesMax = 1_000;

/** An open editor tells that it is open, and hears who else has the object open. */
export async function POST(request: Request): Promise<Response> {
  const session = await sessionOfRequest(request);
  if (session === null) return refusal(401, "unauthorized", "Sign in first.");
  // Who may not edit has no editor open that anybody would have to know of.
  if (!session.permissions.includes("edit")) return refusal(403, "forbidden", lackingWords("edit"));
  const length = request.headers.get("content-length") ?? "";
  if (!/^\d{1,9}$/.test(length) || Number(length) > bodyBytesMax)
    return refusal(413, "too-large", "Say less, and how much.");
  const told = openObjectSchema.safeParse(await request.json().catch(() => null));
  if (!told.success) return refusal(422, "invalid", "This is not what an editor says.");
  return Response.json(await noteOpen(session, told.data, new Date()), { headers: { "cache-control": "no-store" } });
}

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}
