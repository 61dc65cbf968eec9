import { readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { quarantineEntrySchema } from "#core/contract/quarantine.ts";
import type { SpoolEnvelope } from "../spool/spool.ts";
import { isSpoolId } from "../spool/spool-folders.ts";
import { envelopeSchema } from "../spool/spool-format.ts";
import { removeFile, syncDirectory, writeFileAtomically } from "../state/atomic-file.ts";
import { seal, unseal } from "../state/seal.ts";
import { entrySuffix, type QuarantineFolders } from "./quarantine-folders.ts";

const keptSchema = z.strictObject({ entry: quarantineEntrySchema, envelope: envelopeSchema.nullable() });
export type Kept = { entry: z.infer<typeof quarantineEntrySchema>; envelope: SpoolEnvelope | null };

const filesAtOnce = 32;

/** A file for each entry, sealed. What concerns one entry is called one after the other. */
export class EntryFiles {
  readonly #folders: QuarantineFolders;
  readonly #key: Uint8Array;

  constructor(folders: QuarantineFolders, key: Uint8Array) {
    this.#folders = folders;
    this.#key = key;
  }

  /** Resolves once it is on disk, in place of what was there. */
  async save(kept: Kept): Promise<void> {
    const { id } = kept.entry;
    await writeFileAtomically(this.#path(id), seal(JSON.stringify(kept), this.#key, purposeOf(id)));
  }

  /** Throws when the file is damaged. */
  async load(id: string): Promise<Kept> {
    const kept = keptSchema.safeParse(
      JSON.parse(unseal(await readFile(this.#path(id), "utf8"), this.#key, purposeOf(id))),
    );
    // Not zod's words: they may quote what was read.
    if (!kept.success || kept.data.entry.id !== id) throw new Error("it is damaged");
    return kept.data;
  }

  /** Resolves once it is gone for good. */
  async remove(id: string): Promise<void> {
    await removeFile(this.#path(id));
    await syncDirectory(this.#folders.entries);
  }

  /** Everything that is kept, by id; what cannot be opened is moved to `damaged` and named. */
  async recover(): Promise<{ kept: Kept[]; setAside: string[] }> {
    const names = (await readdir(this.#folders.entries)).sort();
    const found: (Kept | null)[] = Array.from(names, () => null);
    const setAside: string[] = [];
    let next = 0;
    const recoverSome = async (): Promise<void> => {
      for (let index = next++; index < names.length; index = next++) {
        const name = names[index] ?? "";
        found[index] = await this.#recoverOne(name, setAside);
      }
    };
    await Promise.all(Array.from({ length: filesAtOnce }, recoverSome));
    return { kept: found.filter((kept) => kept !== null), setAside };
  }

  async #recoverOne(name: string, setAside: string[]): Promise<Kept | null> {
    if (name.endsWith(".tmp")) {
      // A write that did not come to its end: what it was to replace still stands.
      await rm(join(this.#folders.entries, name), { force: true });
      return null;
    }
    const id = name.slice(0, -entrySuffix.length);
    try {
      if (!name.endsWith(entrySuffix) || !isSpoolId(id)) throw new Error("its name is not that of an entry");
      return await this.load(id);
    } catch {
      await this.#moveAside(name);
      setAside.push(name);
      return null;
    }
  }

  /** Moves an entry whose content is of no use to `damaged`; resolves with the file's name. */
  async setAside(id: string): Promise<string> {
    const name = `${id}${entrySuffix}`;
    await this.#moveAside(name);
    return name;
  }

  async #moveAside(name: string): Promise<void> {
    await rename(join(this.#folders.entries, name), join(this.#folders.damaged, name));
  }

  #path(id: string): string {
    return join(this.#folders.entries, `${id}${entrySuffix}`);
  }
}

function purposeOf(id: string): string {
  return `postern quarantine entry ${id}`;
}
