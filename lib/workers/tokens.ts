import { createHash } from "node:crypto";

/** What binds a sealed control token to its worker: moved to another row, it cannot be unsealed. */
export function controlTokenPurpose(workerId: string): string {
  return `worker-control-token:${workerId}`;
}

/** Report tokens are kept as SHA-256 (hex): they are random, so that no slow hash is needed. */
export function reportTokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
