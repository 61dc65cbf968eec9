import { currentSession } from "#lib/auth/session.ts";
import { policyAsYaml } from "#lib/revisions/queries.ts";
import { partsSearchSchema } from "../parts-search.ts";

/** The draft, or parts of it, as a YAML file. 401 without a session. */
export async function GET(request: Request): Promise<Response> {
  if ((await currentSession()) === null) return new Response("Sign in first.\n", { status: 401 });
  const only = partsSearchSchema.parse(new URL(request.url).searchParams.getAll("only"));
  return new Response((await policyAsYaml("draft", only)).yaml, {
    headers: {
      "content-type": "application/yaml; charset=utf-8",
      "content-disposition": 'attachment; filename="policy.yaml"',
      "cache-control": "no-store",
    },
  });
}
