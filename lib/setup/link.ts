import { createHash, randomBytes } from "node:crypto";
import { PublicError } from "#lib/errors.ts";

const tokenBytes = 32;
/** Of the first administrator, who has it from the console's output. */
export const setupLinkMinutes = 30;
/** Of somebody whom an administrator sends it to. */
export const personLinkHours = 24;

export function newSetupToken(): string {
  return randomBytes(tokenBytes).toString("base64url");
}

/** Only this is kept of a setup token. */
export function setupTokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

export function setupLink(baseUrl: string, token: string): string {
  const link = new URL("/setup", baseUrl);
  link.searchParams.set("token", token);
  return link.href;
}

export function unusableLink(whatToDo: string): PublicError {
  return new PublicError("SETUP_LINK_OVER", `Nothing was done: this link was used, or is too old. ${whatToDo}`);
}
