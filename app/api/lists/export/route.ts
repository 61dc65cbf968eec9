import { z } from "zod";
import { sessionOfRequest } from "#lib/auth/read-session.ts";
import { csvOf } from "#lib/csv.ts";
import { errorResponse } from "#lib/error-response.ts";
import { readList } from "#lib/lists/queries.ts";

/** One list of the draft as CSV: a row "entry", then one row an entry. */
export async function GET(request: Request): Promise<Response> {
  const session = await sessionOfRequest(request);
  if (session === null) return errorResponse("SIGNED_OUT", "Sign in first.");
  const listId = z.uuid().safeParse(new URL(request.url).searchParams.get("list"));
  const found = listId.success ? await readList(listId.data) : null;
  if (found === null)
    return errorResponse("NOT_FOUND", "There is no such list in the draft: somebody may have deleted it.");
  const { name, entries } = found.list;
  return new Response(csvOf([["entry"], ...entries.map((entry) => [entry])]), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      // RFC 8187: the name in UTF-8, for what is not a token.
      "content-disposition": `attachment; filename="list.csv"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, "_")}.csv`,
      "cache-control": "no-store",
    },
  });
}
