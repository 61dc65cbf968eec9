import { sign } from "node:crypto";
import { expect, test } from "vitest";
import { pinKey, verifyBundle } from "#worker/policy/verify-bundle.ts";
import { makeControlKey, signBundle } from "../../support/control-key.ts";
import { smtpDocument } from "../../support/policy-documents.ts";

const key = makeControlKey();
const pinned = pinKey(key.publicKeyPem);
const document = smtpDocument({ ports: [2525] });
const bundle = signBundle(key, { workerId: "local", revision: 3, document });

test("a bundle that the pinned key signed for this worker is accepted", () => {
  expect(verifyBundle(bundle, pinned, "local")).toMatchObject({
    ok: true,
    payload: { revision: 3, workerId: "local" },
  });
});

test("not one flipped bit of payload or signature is accepted", () => {
  const payload = Buffer.from(bundle.payload);
  for (let bit = 0; bit < payload.length * 8; bit += 7) {
    const changed = Buffer.from(payload);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(verifyBundle({ ...bundle, payload: changed.toString("utf8") }, pinned, "local").ok).toBe(false);
  }
  const signature = Buffer.from(bundle.signature, "base64");
  for (let bit = 0; bit < signature.length * 8; bit++) {
    const changed = Buffer.from(signature);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(verifyBundle({ ...bundle, signature: changed.toString("base64") }, pinned, "local").ok).toBe(false);
  }
});

test("another key, another worker, a document that does not fit its digest and an unknown key in it are refused", () => {
  const refusalOf = (candidate: typeof bundle, workerId = "local") => {
    const result = verifyBundle(candidate, pinned, workerId);
    return result.ok ? null : result.refusal.code;
  };
  const signed = (payload: string) => ({
    keyId: key.keyId,
    payload,
    signature: sign(null, Buffer.from(payload), key.privateKey).toString("base64"),
  });
  expect(refusalOf(signBundle(makeControlKey(), { workerId: "local", revision: 3, document }))).toBe("bad-signature");
  expect(refusalOf(bundle, "other")).toBe("wrong-worker");
  expect(refusalOf(signed(bundle.payload.replace('"name":"In"', '"name":"No"')))).toBe("invalid-policy");
  expect(refusalOf(signed("{}"))).toBe("invalid-policy");
  expect(refusalOf(signed("no JSON"))).toBe("invalid-policy");
  expect(refusalOf(signBundle(key, { workerId: "local", revision: 3, document: { ...document, extra: 1 } }))).toBe(
    "invalid-policy",
  );
});

test("a document in the form that people write has the digest of its own text", () => {
  const written = { version: 1, routes: [{ name: "r", protocol: "pop3", targets: [{ host: "h", port: 1 }] }] };
  expect(verifyBundle(signBundle(key, { workerId: "local", revision: 1, document: written }), pinned, "local").ok).toBe(
    true,
  );
});

test("only an Ed25519 public key can be pinned", () => {
  expect(() => pinKey("no key")).toThrow();
});
