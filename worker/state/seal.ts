import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const version = "v1";

/** A text that only the key opens, and only for the same purpose: what was sealed for another cannot take its place (AES-256-GCM). */
export function seal(text: string, key: Uint8Array, purpose: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(purpose));
  const bytes = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${version}.${bytes.toString("base64url")}`;
}

/** The inverse of `seal`. Throws when anything of it is another. */
export function unseal(sealed: string, key: Uint8Array, purpose: string): string {
  const [format, body = ""] = sealed.split(".");
  const bytes = Buffer.from(body, "base64url");
  if (format !== version || bytes.length < nonceBytes + tagBytes) throw new Error("it is damaged");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes))
    .setAAD(Buffer.from(purpose))
    .setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString("utf8");
}
