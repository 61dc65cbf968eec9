import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { type BundlePayload, bundlePayloadSchema, type SignedBundle } from "#core/contract/bundle.ts";
import type { ControlError } from "#core/contract/control-api.ts";
import type { Problem } from "#core/contract/policy-document.ts";
import { parseJson } from "#core/text/parse-json.ts";

/** The key that policies must be signed with, pinned when the worker was enrolled. */
export type PinnedKey = { key: KeyObject; keyId: string };

/** Reads an Ed25519 public key (SPKI, PEM). Throws when it is anything else. */
export function pinKey(publicKeyPem: string): PinnedKey {
  const key = createPublicKey(publicKeyPem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error("the policy-signing key is not an Ed25519 public key");
  const spki = key.export({ type: "spki", format: "der" });
  return { key, keyId: createHash("sha256").update(spki).digest("hex").slice(0, 16) };
}

export type BundleRefusal = { code: ControlError["code"]; message: string; problems: Problem[] };

export type VerifyResult = { ok: true; payload: BundlePayload } | { ok: false; refusal: BundleRefusal };

/** Whether the pinned key signed this bundle, for this worker, and what it holds. Says nothing of its age. */
export function verifyBundle(bundle: SignedBundle, pinned: PinnedKey, workerId: string): VerifyResult {
  if (bundle.keyId !== pinned.keyId) {
    return refused(
      "bad-signature",
      `the bundle is signed with key ${bundle.keyId}, this worker trusts only ${pinned.keyId}`,
    );
  }
  const signature = Buffer.from(bundle.signature, "base64");
  if (!verify(null, Buffer.from(bundle.payload, "utf8"), pinned.key, signature)) {
    return refused("bad-signature", "the signature does not fit the bundle");
  }
  const raw = parseJson(bundle.payload);
  const parsed = bundlePayloadSchema.safeParse(raw);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }): Problem => ({ path: documentPath(path), code: "shape", message }),
    );
    return refused("invalid-policy", "the bundle is not a policy that this worker understands", problems);
  }
  const { data: payload } = parsed;
  if (payload.workerId !== workerId) {
    return refused("wrong-worker", `the bundle is for worker ${payload.workerId}, this is ${workerId}`);
  }
  // What was received, before parsing fills in defaults: the console took the digest of the text it stored.
  if (documentDigest(raw) !== payload.digest) return refused("invalid-policy", "the document does not fit its digest");
  return { ok: true, payload };
}

function documentDigest(payload: unknown): string {
  const document = typeof payload === "object" && payload !== null && "document" in payload ? payload.document : null;
  return createHash("sha256").update(JSON.stringify(document)).digest("hex");
}

function documentPath(path: readonly PropertyKey[]): (string | number)[] {
  const plain = path.map((key) => (typeof key === "symbol" ? String(key) : key));
  return plain[0] === "document" ? plain.slice(1) : plain;
}

function refused(code: BundleRefusal["code"], message: string, problems: Problem[] = []): VerifyResult {
  return { ok: false, refusal: { code, message, problems } };
}
