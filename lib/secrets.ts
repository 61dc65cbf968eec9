import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setting } from "./env.ts";

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const version = "v1";

/** AES-256-GCM with the master key, which is a file outside the database: 32 bytes as base64 or hex. `purpose` must be the same to unseal. */
export function seal(plain: string, purpose: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", masterKey(), nonce).setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([nonce, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${version}.${sealed.toString("base64url")}`;
}

/** The text that was sealed. Throws when it was altered, has another purpose, or the master key is another one. */
export function unseal(sealed: string, purpose: string): string {
  const [format, body = ""] = sealed.split(".");
  const bytes = Buffer.from(body, "base64url");
  if (format !== version || bytes.length < nonceBytes + tagBytes) throw new Error("A sealed secret cannot be read.");
  const decipher = createDecipheriv("aes-256-gcm", masterKey(), bytes.subarray(0, nonceBytes))
    .setAAD(Buffer.from(purpose))
    .setAuthTag(bytes.subarray(-tagBytes));
  const plain = [decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()];
  return Buffer.concat(plain).toString("utf8");
}

function masterKey(): Buffer {
  const text = readFileSync(setting("POSTERN_MASTER_KEY_FILE"), "utf8").trim();
  const key = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? "hex" : "base64");
  if (key.length !== keyBytes) throw new Error(`POSTERN_MASTER_KEY_FILE must hold ${keyBytes} bytes as base64 or hex.`);
  return key;
}
