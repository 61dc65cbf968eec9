import { createHash, randomBytes } from "node:crypto";

const tokenBytes = 32;

/** A new token; its beginning tells people, and scanners of repositories, what it is. */
export function makeApiToken(): string {
  return `postern_${randomBytes(tokenBytes).toString("base64url")}`;
}

/** Tokens are kept as SHA-256 (hex): they are random, so that no slow hash is needed. */
export function apiTokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
