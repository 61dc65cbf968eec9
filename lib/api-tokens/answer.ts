import type { z } from "zod";
import { policyRequestBytesMax } from "#core/contract/policy-api.ts";
import { PublicError } from "#lib/errors.ts";
import { readBody } from "#lib/read-body.ts";

const noStore = { "cache-control": "no-store" };

/** How the API says no: `{ error: { code, message } }`. */
export function apiRefusal(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ error: { code, message } }, { status, headers: { ...noStore, ...headers } });
}

export function apiAnswer(value: unknown): Response {
  return Response.json(value, { headers: noStore });
}

type Body<T> = { ok: true; value: T } | { ok: false; response: Response };

/** The body of a request as JSON of a schema; else the answer 400 or 413. */
export async function readJsonBody<T>(request: Request, schema: z.ZodType<T>): Promise<Body<T>> {
  const text = await readBody(request, policyRequestBytesMax);
  if (text === null) {
    const message = `A request has at most ${policyRequestBytesMax} bytes.`;
    return { ok: false, response: apiRefusal(413, "too-large", message) };
  }
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return { ok: true, value: parsed.data };
    const [issue] = parsed.error.issues;
    const message = `The body is not what is expected: ${issue?.path.join(".")} ${issue?.message}`;
    return { ok: false, response: apiRefusal(400, "bad-request", message) };
  } catch {
    return { ok: false, response: apiRefusal(400, "bad-request", "The body is not JSON.") };
  }
}

const statuses: Readonly<Record<string, number>> = { "not-found": 404, conflict: 412, invalid: 422, worker: 503 };

/** What `work` gives, or the answer to a PublicError. Anything else is the console's own fault and rejects. */
export async function answering(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PublicError) return apiRefusal(statuses[error.code] ?? 409, error.code, error.publicMessage);
    throw error;
  }
}
