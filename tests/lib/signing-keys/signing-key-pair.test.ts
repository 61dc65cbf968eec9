import { createPrivateKey } from "node:crypto";
import { expect, test } from "vitest";
import { signingKeySchema } from "#core/contract/signing-key.ts";
import { makeSigningKey, signingKeyRecord } from "#lib/signing-keys/signing-key-pair.ts";

test.each([
  ["rsa-2048", /^v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA[0-9A-Za-z+/]+IDAQAB$/],
  ["ed25519", /^v=DKIM1; k=ed25519; p=[0-9A-Za-z+/]{43}=$/],
] as const)("a key of %s comes with the record that the DNS publishes", async (algorithm, form) => {
  const { privateKey, record } = await makeSigningKey(algorithm);
  expect(record).toMatch(form);
  expect(signingKeyRecord(algorithm, privateKey)).toBe(record);
  expect(createPrivateKey(privateKey).asymmetricKeyType).toBe(algorithm === "ed25519" ? "ed25519" : "rsa");
  const key = { name: "a", domain: "a.test", selector: "s1", algorithm, privateKey, state: "active" };
  expect(signingKeySchema.parse(key)).toEqual(key);
});

test("no two keys are alike", async () => {
  const [first, second] = await Promise.all([makeSigningKey("ed25519"), makeSigningKey("ed25519")]);
  expect(first.record).not.toBe(second.record);
});
