import { createPublicKey, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { SigningKey } from "#core/contract/signing-key.ts";

const generate = promisify(generateKeyPair);

/** The octets of an Ed25519 public key, at the end of its SubjectPublicKeyInfo (RFC 8410 §4). */
const ed25519Bytes = 32;

/** A new private key (PKCS #8, PEM) and the TXT record of its public half, for `<selector>._domainkey.<domain>`. */
export async function makeSigningKey(
  algorithm: SigningKey["algorithm"],
): Promise<{ privateKey: string; record: string }> {
  const { privateKey } =
    algorithm === "ed25519" ? await generate("ed25519") : await generate("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { privateKey: pem, record: signingKeyRecord(algorithm, pem) };
}

/** RFC 6376 §3.6.1 for RSA, RFC 8463 §4 for Ed25519. Throws where the text is no key. */
export function signingKeyRecord(algorithm: SigningKey["algorithm"], privateKey: string): string {
  const info = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const [type, bytes] = algorithm === "ed25519" ? ["ed25519", info.subarray(-ed25519Bytes)] : ["rsa", info];
  return `v=DKIM1; k=${type}; p=${bytes.toString("base64")}`;
}
