import type { SpoolDisk } from "./disk.ts";
import type { Place } from "./log-unit.ts";

const openFilesMax = 64;

type OpenFile = { file: Promise<number>; users: number; isForgotten: boolean };

/** Reads records out of segments; a bounded number of them stay open. */
export class SegmentFiles {
  readonly #disk: SpoolDisk;
  readonly #pathOf: (segment: number) => string;
  /** The one that was used last stands last. */
  readonly #open = new Map<number, OpenFile>();

  constructor(disk: SpoolDisk, pathOf: (segment: number) => string) {
    this.#disk = disk;
    this.#pathOf = pathOf;
  }

  /** Shorter than the place when the file ends in it. */
  async read({ segment, offset, bytes }: Place): Promise<Buffer> {
    const open = this.#take(segment);
    open.users++;
    try {
      const into = Buffer.allocUnsafe(bytes);
      return into.subarray(0, await this.#disk.read(await open.file, into, offset));
    } catch (error) {
      // It may be another file's turn to be opened, or this one's to be opened again.
      this.forget(segment);
      throw error;
    } finally {
      open.users--;
      this.#closeIfUnused(open);
    }
  }

  /** Closes it as soon as nobody reads it. */
  forget(segment: number): void {
    const open = this.#open.get(segment);
    if (open === undefined) return;
    this.#open.delete(segment);
    open.isForgotten = true;
    this.#closeIfUnused(open);
  }

  forgetAll(): void {
    for (const segment of [...this.#open.keys()]) this.forget(segment);
  }

  #take(segment: number): OpenFile {
    const known = this.#open.get(segment);
    const open = known ?? { file: this.#disk.open(this.#pathOf(segment), "r"), users: 0, isForgotten: false };
    this.#open.delete(segment);
    this.#open.set(segment, open);
    const [oldest] = this.#open.keys();
    if (this.#open.size > openFilesMax && oldest !== undefined) this.forget(oldest);
    return open;
  }

  #closeIfUnused(open: OpenFile): void {
    if (!open.isForgotten || open.users > 0) return;
    open.file.then((file) => this.#disk.close(file)).catch(() => undefined);
  }
}
