import { lackingWords } from "#core/contract/permission.ts";
import { clientAddress } from "#lib/auth/client-address.ts";
import { actorOf } from "#lib/auth/queries.ts";
import { sessionOfRequest } from "#lib/auth/read-session.ts";
import { type ErrorCode, errorCodes, withCode } from "#lib/error-codes.ts";
import { PublicError } from "#lib/errors.ts";
import { openDownload } from "#lib/quarantine/look.ts";
import { entryRefSchema } from "#lib/quarantine/quarantine-input.ts";

/** Something kept, as a message of ours that holds it as text. Answers 200, 400, 401, 403, 404 or 503. */
export async function GET(request: Request): Promise<Response> {
  const session = await sessionOfRequest(request);
  if (session === null) return refusal("SIGNED_OUT", "Sign in first.");
  if (!session.permissions.includes("read-mail")) return refusal("FORBIDDEN", lackingWords("read-mail"));
  // A download is a row in the log: no other site may cause one through the browser of somebody who is signed in.
  if (request.headers.get("sec-fetch-site") === "cross-site")
    return refusal("FOREIGN_ORIGIN", "Download from the quarantine's page.");
  const search = new URL(request.url).searchParams;
  const ref = entryRefSchema.safeParse({ workerId: search.get("worker"), id: search.get("id") });
  if (!ref.success) return refusal("BAD_REQUEST", "Name the worker and the entry.");
  const actor = actorOf(session, clientAddress(request.headers));
  try {
    const { name, body } = await openDownload(ref.data, actor);
    return new Response(body, {
      headers: {
        // Nothing that a browser would show, or look into to find out.
        "content-type": "application/octet-stream",
        "content-disposition": `attachment; filename="${name}"`,
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "no-store",
      },
    });
  } catch (error) {
    if (!(error instanceof PublicError)) throw error;
    return refusal(error.code, error.publicMessage);
  }
}

function refusal(code: ErrorCode, message: string): Response {
  const { status } = errorCodes[code];
  return new Response(`${withCode(message, code)}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}
