import { createHash } from "node:crypto";

/** A leaf as a reader of mail has it: what it is called, and the digest of its decoded content. */
export type Leaf = { type: string; name: string | null; digest: string };

export function digestOf(content: Uint8Array | string): string {
  return createHash("sha256")
    .update(typeof content === "string" ? Buffer.from(content, "latin1") : content)
    .digest("hex")
    .slice(0, 16);
}
