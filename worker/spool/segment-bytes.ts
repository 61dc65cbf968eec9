import { isErrorCode, type SpoolDisk } from "./disk.ts";

const windowBytes = 1024 * 1024;
/** What is tried piece by piece where a disk refuses to read. */
const pieceBytes = 4096;
/** Stands for octets that cannot be read: nothing that is checked takes it for what was written. */
const unreadable = 0xff;

/** An open segment's bytes by position, read in windows that run forward. What the disk cannot read counts as damaged. */
export class SegmentBytes {
  readonly size: number;
  readonly #disk: SpoolDisk;
  readonly #file: number;
  #start = 0;
  #window: Buffer = Buffer.alloc(0);

  constructor(disk: SpoolDisk, file: number, size: number) {
    this.#disk = disk;
    this.#file = file;
    this.size = size;
  }

  /** The bytes if they are at hand: most are, and need no turn of the event loop. */
  peek(position: number, length: number): Buffer | null {
    const from = position - this.#start;
    if (from < 0 || from + length > this.#window.length) return null;
    return this.#window.subarray(from, from + length);
  }

  /** Fewer than `length` only at the end. The buffer stays as it is when others are read. */
  async at(position: number, length: number): Promise<Buffer> {
    const known = this.peek(position, length);
    if (known !== null) return known;
    this.#window = await this.#read(position, Math.min(Math.max(length, windowBytes), this.size - position));
    this.#start = position;
    return this.#window.subarray(0, length);
  }

  async #read(position: number, length: number): Promise<Buffer> {
    const into = Buffer.allocUnsafeSlow(Math.max(length, 0));
    try {
      return into.subarray(0, await this.#disk.read(this.#file, into, position));
    } catch (error) {
      if (!isErrorCode(error, "EIO")) throw error;
    }
    for (let at = 0; at < into.length; at += pieceBytes) {
      const piece = into.subarray(at, at + pieceBytes);
      await this.#disk.read(this.#file, piece, position + at).catch(() => piece.fill(unreadable));
    }
    return into;
  }
}
