import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "../state/atomic-file.ts";
import { makeKey, readIfThere, readKey } from "../state/key-file.ts";
import { seal, unseal } from "../state/seal.ts";

/** Bound to the text: another file of this key cannot take its place. */
const purpose = "postern worker credentials";

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
    const key = readKey(this.#keyPath);
    if (key === null) throw new Error(`${this.#keyPath} is gone`);
    return unseal(sealed, key, purpose);
  }

  /** Resolves once the text survives a power cut. */
  async write(text: string): Promise<void> {
    const key = this.#usableKey() ?? (await makeKey(this.#keyPath));
    await writeFileAtomically(this.#path, seal(text, key, purpose));
  }

  /** A damaged one opens nothing: it is replaced together with what it sealed. */
  #usableKey(): Buffer | null {
    try {
      return readKey(this.#keyPath);
    } catch {
      return null;
    }
  }
}
