import { testRequestSchema } from "#core/contract/policy-api.ts";
import { answering, apiAnswer, readJsonBody } from "#lib/api-tokens/answer.ts";
import { authorise } from "#lib/api-tokens/authorise.ts";
import { runPolicyTests } from "#lib/policy-tests/run.ts";
import { draftWith } from "#lib/revisions/queries.ts";

/** Runs the tests of a document, at a worker. */
export async function POST(request: Request): Promise<Response> {
  const authorised = await authorise(request, "policy:read", new Date());
  if (!authorised.ok) return authorised.response;
  const body = await readJsonBody(request, testRequestSchema);
  if (!body.ok) return body.response;
  const { yaml, only } = body.value;
  return answering(async () => apiAnswer({ tests: await runPolicyTests(await draftWith(yaml, only)) }));
}
