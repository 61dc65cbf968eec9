import { createHash } from "node:crypto";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { removeFile, syncDirectory } from "../state/atomic-file.ts";
import { ContentDamaged, sealContent, sealedBytes, unsealContent } from "./content-cipher.ts";
import { sourceOf, streamOf } from "./content-stream.ts";
import type { ContentSource } from "./quarantine.ts";
import type { QuarantineFolders } from "./quarantine-folders.ts";
import type { QuarantineKeys } from "./quarantine-keys.ts";

/** A content on disk that no name leads to yet. */
export type WrittenContent = { path: string; sha256: string; bytes: number };

/** Contents on disk, each once, however many entries refer to it. What concerns one content is called one after the other: see `nameOf`. */
export class ContentFiles {
  readonly #folders: QuarantineFolders;
  readonly #keys: QuarantineKeys;
  readonly #references = new Map<string, { count: number; bytes: number }>();
  #bytes = 0;
  #written = 0;

  constructor(folders: QuarantineFolders, keys: QuarantineKeys) {
    this.#folders = folders;
    this.#keys = keys;
  }

  /** Of all contents, each counted once. */
  get bytes(): number {
    return this.#bytes;
  }

  nameOf(sha256: string): string {
    return this.#keys.nameOf(sha256);
  }

  /** Writes the content under a name of no meaning; flushed when it resolves. */
  async write(source: ContentSource): Promise<WrittenContent> {
    const path = join(this.#folders.incoming, String(this.#written++));
    const hash = createHash("sha256");
    let bytes = 0;
    const measured = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of streamOf(source) as AsyncIterable<Uint8Array>) {
        bytes += piece.length;
        if (bytes > source.bytes) break;
        hash.update(piece);
        yield piece;
      }
    };
    try {
      const file = await open(path, "wx", 0o600);
      try {
        await file.writeFile(sealContent(this.#keys.content, measured()));
        await file.datasync();
      } finally {
        await file.close();
      }
      if (bytes !== source.bytes) throw new Error(`the content has another length than ${source.bytes} bytes`);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, sha256: hash.digest("hex"), bytes };
  }

  /** One reference more. What is there already is replaced: it is the same, and may have been damaged meanwhile. */
  async refer({ path, sha256, bytes }: WrittenContent): Promise<void> {
    await rename(path, this.#path(sha256));
    if (!this.#references.has(sha256)) await syncDirectory(this.#folders.content);
    this.count(sha256, bytes);
  }

  /** Whether the file is there in its full length, which is what can be seen without reading it through. */
  async isWhole(sha256: string, bytes: number): Promise<boolean> {
    const found = await stat(this.#path(sha256)).catch(() => null);
    return found?.size === sealedBytes(bytes);
  }

  /** A reference that was found at start. */
  count(sha256: string, bytes: number): void {
    const known = this.#references.get(sha256);
    if (known !== undefined) known.count++;
    else {
      this.#references.set(sha256, { count: 1, bytes });
      this.#bytes += bytes;
    }
  }

  /** One reference less; with the last one the content goes. */
  async release(sha256: string): Promise<void> {
    const known = this.#references.get(sha256);
    if (known === undefined || --known.count > 0) return;
    this.#references.delete(sha256);
    this.#bytes -= known.bytes;
    await removeFile(this.#path(sha256));
  }

  /** What was kept. Reading ends with ContentDamaged where it is not that any more. */
  source(sha256: string, bytes: number): ContentSource {
    return sourceOf(bytes, () => Readable.from(this.#read(sha256), { objectMode: false }));
  }

  async *#read(sha256: string): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    for await (const piece of unsealContent(this.#keys.content, this.#path(sha256))) {
      hash.update(piece);
      yield piece;
    }
    if (hash.digest("hex") !== sha256) throw new ContentDamaged("it is another content");
  }

  /** At start, once every entry was counted: files that none refers to go, or `aside` when it may be an unreadable one that does. */
  async removeOrphans(aside: boolean): Promise<void> {
    const known = new Set(Array.from(this.#references.keys(), (sha256) => this.nameOf(sha256)));
    for (const name of await readdir(this.#folders.content)) {
      if (known.has(name)) continue;
      const path = join(this.#folders.content, name);
      if (aside) await rename(path, join(this.#folders.damaged, name));
      else await rm(path, { force: true, recursive: true });
    }
  }

  #path(sha256: string): string {
    return join(this.#folders.content, this.nameOf(sha256));
  }
}
