import type { z } from "zod";
import type { ControlError } from "#core/contract/control-api.ts";
import type { ContentSource } from "../quarantine/quarantine.ts";

/** JSON, or octets that are streamed. */
export type ControlAnswer = { status: number; body: unknown } | { status: 200; content: ContentSource };

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
): { status: number; body: unknown } {
  return { status: errorStatus[code], body: { error: { code, message, problems } } };
}

/** What is wrong with a body, in one line. */
export function shapeWords(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
    .join("; ");
}
