import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "./atomic-file.ts";
import { makeKey, readIfThere, readKey } from "./key-file.ts";
import { seal, unseal } from "./seal.ts";

/** A text on disk that is of no use without the key file beside it (AES-256-GCM, both 0600). Writes one after the other: the caller serialises. */
export class SealedFile {
  readonly #path: string;
  readonly #keyPath: string;
  readonly #purpose: string;

  /** `name`: what is in it. Bound to the text: another file of the same key cannot take its place. */
  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#purpose = `postern worker ${name}`;
    this.#path = join(folder, `${name}.sealed`);
    this.#keyPath = join(folder, "key");
  }

  /** The text; null when there never was one. Throws when it cannot be opened. */
  read(): string | null {
    const sealed = readIfThere(this.#path);
    if (sealed === null) return null;
    const key = readKey(this.#keyPath);
    if (key === null) throw new Error(`${this.#keyPath} is gone`);
    return unseal(sealed, key, this.#purpose);
  }

  /** Resolves once the text survives a power cut. */
  async write(text: string): Promise<void> {
    const key = this.#usableKey() ?? (await makeKey(this.#keyPath));
    await writeFileAtomically(this.#path, seal(text, key, this.#purpose));
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
