import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "../state/atomic-file.ts";

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const version = "v1";
/** Bound to the text: another file of this key cannot take its place. */
const purpose = Buffer.from("postern worker credentials");

/** A text on disk that is of no use without the key file beside it (AES-256-GCM, both 0600). Writes one after the other: the caller serialises. */
export class SealedFile {
  readonly #path: string;
  readonly #keyPath: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#path = join(folder, "credentials.sealed");
    this.#keyPath = join(folder, "key");
  }

  /** The text; null when there never was one. Throws when it cannot be opened. */
  read(): string | null {
    const sealed = readIfThere(this.#path);
    if (sealed === null) return null;
    const key = this.#key();
    if (key === null) throw new Error(`${this.#keyPath} is gone`);
    return open(sealed, key);
  }

  /** Resolves once the text survives a power cut. */
  async write(text: string): Promise<void> {
    let key = this.#usableKey();
    if (key === null) {
      key = randomBytes(keyBytes);
      await writeFileAtomically(this.#keyPath, `${key.toString("base64")}\n`);
    }
    await writeFileAtomically(this.#path, seal(text, key));
  }

  /** A damaged one opens nothing: it is replaced together with what it sealed. */
  #usableKey(): Buffer | null {
    try {
      return this.#key();
    } catch {
      return null;
    }
  }

  #key(): Buffer | null {
    const text = readIfThere(this.#keyPath);
    if (text === null) return null;
    const key = Buffer.from(text.trim(), "base64");
    if (key.length !== keyBytes) throw new Error(`${this.#keyPath} is damaged`);
    return key;
  }
}

function seal(text: string, key: Buffer): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(purpose);
  const bytes = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${version}.${bytes.toString("base64url")}`;
}

function open(sealed: string, key: Buffer): string {
  const [format, body = ""] = sealed.split(".");
  const bytes = Buffer.from(body, "base64url");
  if (format !== version || bytes.length < nonceBytes + tagBytes) throw new Error("it is damaged");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes))
    .setAAD(purpose)
    .setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString("utf8");
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
