import { type ErrorCode, errorCodes } from "./error-codes.ts";

/** How an HTTP interface of the console says no: `{ error: { code, message } }`, with the status of the code. */
export function errorResponse(
  code: ErrorCode,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { status } = errorCodes[code];
  return Response.json({ error: { code, message } }, { status, headers: { "cache-control": "no-store", ...headers } });
}
