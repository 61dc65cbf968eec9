import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import type { BundlePayload, SignedBundle } from "#core/contract/bundle.ts";

/** After this a bundle that was held up on its way is refused; the next push signs a fresh one. */
const bundleLifetimeMs = 10 * 60_000;

export type StoredRevision = { number: number; document: string; digest: string };

/** The first 16 hex digits of the SHA-256 of the public key (SPKI, DER): how a worker tells which key it pinned. */
export function signingKeyId(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("hex").slice(0, 16);
}

/** SHA-256 (hex) of a document's JSON text. */
export function documentDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A revision as one worker takes it, signed with the console's Ed25519 key (PEM, PKCS #8). `nowMs` is milliseconds since 1970. */
export function signBundle(
  revision: StoredRevision,
  workerId: string,
  privateKeyPem: string,
  nowMs: number,
): SignedBundle {
  const key = createPrivateKey(privateKeyPem);
  const head: Omit<BundlePayload, "document"> = {
    format: 1,
    workerId,
    revision: revision.number,
    digest: revision.digest,
    issuedAt: new Date(nowMs).toISOString(),
    expiresAt: new Date(nowMs + bundleLifetimeMs).toISOString(),
  };
  const payload = JSON.stringify({ ...head, document: JSON.parse(revision.document) as unknown });
  return { keyId: signingKeyId(key), payload, signature: sign(null, Buffer.from(payload), key).toString("base64") };
}
