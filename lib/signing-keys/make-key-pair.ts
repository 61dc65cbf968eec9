import { generateKeyPairSync } from "node:crypto";
import type { SigningKey } from "#core/contract/signing-key.ts";

/** A new private key, and the value of the TXT record that its verifiers read (RFC 6376 §3.6.1; RFC 8463 §3). */
export function makeKeyPair(algorithm: SigningKey["algorithm"]): { privateKey: string; record: string } {
  const { privateKey, publicKey } =
    algorithm === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("rsa", { modulusLength: 2048 });
  const spki = publicKey.export({ type: "spki", format: "der" });
  // RFC 8463 §4.2: of Ed25519 the bare key of 32 octets, which ends its SubjectPublicKeyInfo.
  const published = algorithm === "ed25519" ? spki.subarray(-32) : spki;
  const kind = algorithm === "ed25519" ? "ed25519" : "rsa";
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    record: `v=DKIM1; k=${kind}; p=${published.toString("base64")}`,
  };
}
