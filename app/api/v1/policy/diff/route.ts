import { diffRequestSchema, policyChoiceSchema } from "#core/contract/policy-api.ts";
import { answering, apiAnswer, readJsonBody } from "#lib/api-tokens/answer.ts";
import { authorise } from "#lib/api-tokens/authorise.ts";
import { changeWords } from "#lib/api-tokens/change-words.ts";
import { errorResponse } from "#lib/error-response.ts";
import { compareYaml } from "#lib/revisions/queries.ts";

/** What a document would change in the draft (`of=draft`), what is live or a revision. */
export async function POST(request: Request): Promise<Response> {
  const authorised = await authorise(request, "policy:read", new Date());
  if (!authorised.ok) return authorised.response;
  const of = policyChoiceSchema.safeParse(new URL(request.url).searchParams.get("of") ?? "draft");
  if (!of.success) return errorResponse("BAD_REQUEST", "of is draft, live or the number of a revision.");
  const body = await readJsonBody(request, diffRequestSchema);
  if (!body.ok) return body.response;
  const { yaml, only } = body.value;
  return answering(async () => apiAnswer({ changes: changeWords(await compareYaml(of.data, yaml, only)) }));
}
