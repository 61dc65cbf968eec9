import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { SignedBundle } from "#core/contract/bundle.ts";

/** A signing key as a console holds it. */
export type ControlKey = { privateKey: KeyObject; publicKeyPem: string; keyId: string };

export function makeControlKey(): ControlKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const der = publicKey.export({ type: "spki", format: "der" });
  return {
    privateKey,
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    keyId: createHash("sha256").update(der).digest("hex").slice(0, 16),
  };
}

export type BundleFields = { workerId: string; revision: number; document: unknown; expiresAt?: string };

/** Signs a bundle as the console does; `document` is taken as it is, so that invalid ones can be signed too. */
export function signBundle(key: ControlKey, fields: BundleFields): SignedBundle {
  const documentText = JSON.stringify(fields.document);
  const payload = JSON.stringify({
    format: 1,
    workerId: fields.workerId,
    revision: fields.revision,
    digest: createHash("sha256").update(documentText).digest("hex"),
    issuedAt: new Date().toISOString(),
    expiresAt: fields.expiresAt ?? new Date(Date.now() + 600_000).toISOString(),
    document: fields.document,
  });
  return { keyId: key.keyId, payload, signature: sign(null, Buffer.from(payload), key.privateKey).toString("base64") };
}
