import type { z } from "zod";
import type { ControlError } from "#core/contract/control-api.ts";

export type ControlAnswer = { status: number; body: unknown };

const errorStatus: Record<ControlError["code"], number> = {
  "bad-request": 400,
  unauthorized: 401,
  "not-found": 404,
  "stale-revision": 409,
  "too-large": 413,
  "bad-signature": 422,
  expired: 422,
  "wrong-worker": 422,
  "invalid-policy": 422,
};

export function errorAnswer(
  code: ControlError["code"],
  message: string,
  problems: ControlError["problems"] = [],
): ControlAnswer {
  return { status: errorStatus[code], body: { error: { code, message, problems } } };
}

/** What is wrong with a body, in one line. */
export function shapeWords(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
    .join("; ");
}
