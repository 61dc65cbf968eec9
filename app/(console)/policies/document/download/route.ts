import { currentSession } from "#lib/auth/session.ts";
import { policyAsYaml } from "#lib/revisions/queries.ts";

/** The draft as a YAML file. 401 without a session. */
export async function GET(): Promise<Response> {
  if ((await currentSession()) === null) return new Response("Sign in first.\n", { status: 401 });
  return new Response((await policyAsYaml("draft")).yaml, {
    headers: {
      "content-type": "application/yaml; charset=utf-8",
      "content-disposition": 'attachment; filename="policy.yaml"',
      "cache-control": "no-store",
    },
  });
}
