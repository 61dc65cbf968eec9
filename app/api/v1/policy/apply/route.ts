import { applyRequestSchema } from "#core/contract/policy-api.ts";
import { answering, apiAnswer, readJsonBody } from "#lib/api-tokens/answer.ts";
import { authorise, lackingScope } from "#lib/api-tokens/authorise.ts";
import { changeWords } from "#lib/api-tokens/change-words.ts";
import { errorResponse } from "#lib/error-response.ts";
import { applyTested } from "#lib/publishing/publish-tested.ts";

/** Makes a document the draft, and publishes it where that is asked for. If-Match has the digest of the draft that it replaces. */
export async function POST(request: Request): Promise<Response> {
  const authorised = await authorise(request, "policy:apply", new Date());
  if (!authorised.ok) return authorised.response;
  const { actor, scopes } = authorised.caller;
  const [, draftDigest] = /^"([0-9a-f]{64})"$/.exec(request.headers.get("if-match") ?? "") ?? [];
  if (draftDigest === undefined) {
    const words =
      "Send If-Match with the entity tag of the draft that you read: what others changed since is not undone.";
    return errorResponse("IF_MATCH_NEEDED", words);
  }
  const body = await readJsonBody(request, applyRequestSchema);
  if (!body.ok) return body.response;
  const { publish, ...document } = body.value;
  const lacking = publish === null ? null : lackingScope(scopes, "policy:publish");
  if (lacking !== null) return lacking;
  return answering(async () => {
    const { changes, published } = await applyTested(actor, { ...document, draftDigest, publish });
    return apiAnswer({ changes: changeWords(changes), published });
  });
}
