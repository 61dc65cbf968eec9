import { policyChoiceSchema } from "#core/contract/policy-api.ts";
import { answering } from "#lib/api-tokens/answer.ts";
import { authorise } from "#lib/api-tokens/authorise.ts";
import { errorResponse } from "#lib/error-response.ts";
import { policyAsYaml } from "#lib/revisions/queries.ts";

/** The draft (`of=draft`), what is live or a revision as YAML, or `only` parts of it; the entity tag is the digest of the whole. */
export async function GET(request: Request): Promise<Response> {
  const authorised = await authorise(request, "policy:read", new Date());
  if (!authorised.ok) return authorised.response;
  const search = new URL(request.url).searchParams;
  const of = policyChoiceSchema.safeParse(search.get("of") ?? "draft");
  if (!of.success) return errorResponse("BAD_REQUEST", "of is draft, live or the number of a revision.");
  return answering(async () => {
    const { yaml, digest } = await policyAsYaml(of.data, search.getAll("only"));
    const headers = {
      "content-type": "application/yaml; charset=utf-8",
      "cache-control": "no-store",
      etag: `"${digest}"`,
    };
    return new Response(yaml, { headers });
  });
}
