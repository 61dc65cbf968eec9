import { join } from "node:path";
import { isErrorCode, type SpoolDisk } from "./disk.ts";

/** What was found damaged and must not be sent, for a person to look at. */
export class CorruptFolder {
  readonly #disk: SpoolDisk;
  readonly #folder: string;
  readonly #noted: (file: string, reason: string) => void;
  readonly #names: Set<string>;

  private constructor(disk: SpoolDisk, folder: string, names: string[], noted: (file: string, reason: string) => void) {
    this.#disk = disk;
    this.#folder = folder;
    this.#names = new Set(names);
    this.#noted = noted;
  }

  /** `noted` is called once for each thing that is kept. */
  static async open(
    disk: SpoolDisk,
    folder: string,
    noted: (file: string, reason: string) => void,
  ): Promise<CorruptFolder> {
    return new CorruptFolder(disk, folder, await disk.list(folder), noted);
  }

  /** Keeps a copy of the bytes; on disk when it resolves. What is kept already is not told again. */
  async keep(name: string, bytes: Uint8Array, reason: string): Promise<void> {
    if (this.#names.has(name)) return;
    const path = join(this.#folder, name);
    const file = await this.#disk.open(path, "wx").catch(async (error: unknown) => {
      if (!isErrorCode(error, "EEXIST")) throw error;
      return await this.#disk.open(path, "r+");
    });
    try {
      await this.#disk.write(file, [bytes], 0);
      await this.#disk.flush(file);
    } finally {
      await this.#disk.close(file);
    }
    await this.#disk.flushFolder(this.#folder);
    this.#note(name, reason);
  }

  /** Moves a file here. */
  async take(path: string, name: string, reason: string): Promise<void> {
    await this.#disk.rename(path, join(this.#folder, name));
    await this.#disk.flushFolder(this.#folder);
    this.#note(name, reason);
  }

  /** Paths of what is there, from this run and earlier ones. */
  async files(): Promise<string[]> {
    return (await this.#disk.list(this.#folder)).map((name) => join(this.#folder, name));
  }

  #note(name: string, reason: string): void {
    this.#names.add(name);
    this.#noted(name, reason);
  }
}
