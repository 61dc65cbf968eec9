import type { z } from "zod";
import { policyRequestBytesMax } from "#core/contract/policy-api.ts";
import { errorResponse } from "#lib/error-response.ts";
import { PublicError } from "#lib/errors.ts";
import { readBody } from "#lib/read-body.ts";

export function apiAnswer(value: unknown): Response {
  return Response.json(value, { headers: { "cache-control": "no-store" } });
}

type Body<T> = { ok: true; value: T } | { ok: false; response: Response };

/** The body of a request as JSON of a schema; else the answer 400 or 413. */
export async function readJsonBody<T>(request: Request, schema: z.ZodType<T>): Promise<Body<T>> {
  const text = await readBody(request, policyRequestBytesMax);
  if (text === null) {
    const message = `A request has at most ${policyRequestBytesMax} bytes.`;
    return { ok: false, response: errorResponse("TOO_LARGE", message) };
  }
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return { ok: true, value: parsed.data };
    const [issue] = parsed.error.issues;
    const message = `The body is not what is expected: ${issue?.path.join(".")} ${issue?.message}`;
    return { ok: false, response: errorResponse("BAD_REQUEST", message) };
  } catch {
    return { ok: false, response: errorResponse("BAD_REQUEST", "The body is not JSON.") };
  }
}

/** What `work` gives, or the answer to a PublicError. Anything else is the console's own fault and rejects. */
export async function answering(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PublicError) return errorResponse(error.code, error.publicMessage);
    throw error;
  }
}
