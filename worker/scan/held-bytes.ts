import { HeldFile } from "./held-file.ts";
import type { HoldMemory } from "./hold-memory.ts";

/** What is held of one message in memory; a larger one goes to a file. Bytes. */
export const heldInMemoryBytesMax = 1_048_576;
/** What is held of one message at all. Bytes. */
export const heldBytesMax = 1_073_741_824;
/** Bytes of a message in a file that may wait for the disk before who writes is made to wait. */
const unwrittenBytesMax = 262_144;
/** Fewer are not worth a write of their own. */
const writtenAtOnceBytes = 65_536;
/** Pieces smaller than this are gathered into blocks: a sender that drips would cost far more than its bytes. */
const smallBytes = 2_048;
const blockBytes = 16_384;

type Piece = { start: number; bytes: Uint8Array };

/** Where messages are held: a folder of ours for those that are too large, and the memory that they share. */
export type HoldRoom = { readonly folder: string; readonly memory: HoldMemory };

export type HeldBytesEvents = {
  /** The disk has caught up, after `write` answered false. */
  drained(): void;
  /** The bytes cannot be kept. Called at most once; nothing can be read any more. */
  failed(error: Error): void;
};

/**
 * The bytes of one message by offset, in memory up to a cap, past it in a file. `discard` must be called once they are no
 * longer needed; twice does no harm.
 */
export class HeldBytes {
  readonly #memory: HoldMemory;
  readonly #events: HeldBytesEvents;
  readonly #file: HeldFile;
  #pieces: Piece[] = [];
  #memoryBytes = 0;
  /** The last, open piece: small slices are copied into it. */
  #block = new Uint8Array(0);
  #blockUsed = 0;
  #end = 0;
  /** Bytes before it are not read again. */
  #forgotten = 0;
  #stalled = false;
  #over = false;

  /** `name` must be new in the folder. */
  constructor({ folder, memory }: HoldRoom, name: string, events: HeldBytesEvents) {
    this.#memory = memory;
    this.#events = events;
    this.#file = new HeldFile(folder, name, {
      written: (bytes) => this.#written(bytes),
      failed: (error) => this.#fail(error),
    });
  }

  get end(): number {
    return this.#end;
  }

  /** The disk is behind: no more should be written before `drained`. */
  get stalled(): boolean {
    return this.#stalled;
  }

  /** Keeps the slice, which must not change afterwards. False: wait for `drained`. */
  write(slice: Uint8Array): boolean {
    if (this.#over || slice.length === 0) return true;
    if (this.#end - this.#forgotten + slice.length > heldBytesMax) {
      this.#fail(new Error(`a message of more than ${heldBytesMax} bytes cannot be held`));
      return true;
    }
    this.#keep(slice);
    this.#end += slice.length;
    this.#memoryBytes += slice.length;
    this.#memory.take(slice.length);
    if (this.#file.used || this.#memoryBytes > heldInMemoryBytesMax || this.#memory.full) this.#flush();
    this.#stalled = this.#file.used && this.#memoryBytes > unwrittenBytesMax;
    return !this.#stalled;
  }

  /** Nothing is in memory; what is in the file may have been forgotten or not. */
  get empty(): boolean {
    return this.#memoryBytes === 0;
  }

  /** Goes on behind bytes that are not kept; everything before must be forgotten, and `empty` hold. */
  skip(bytes: number): void {
    this.#end += bytes;
    this.#forgotten = this.#end;
  }

  /** The bytes at the offset, at most up to `to`, when they are in memory. */
  inMemory(offset: number, to: number): Uint8Array | null {
    const blockStart = this.#end - this.#blockUsed;
    if (offset >= blockStart)
      return this.#block.subarray(offset - blockStart, Math.min(to - blockStart, this.#blockUsed));
    const piece = this.#pieces[this.#pieceOf(offset)];
    if (piece === undefined || piece.start > offset) return null;
    const from = offset - piece.start;
    const bytes = Math.min(piece.bytes.length - from, to - offset);
    return bytes === piece.bytes.length ? piece.bytes : piece.bytes.subarray(from, from + bytes);
  }

  /** The same from the file. Not called back after `discard`, nor when reading fails, which `failed` tells. */
  fromFile(offset: number, to: number, done: (bytes: Uint8Array) => void): void {
    this.#file.read(offset, to, done);
  }

  /** Bytes before the offset will not be read again. */
  forget(offset: number): void {
    this.#forgotten = offset;
    if (this.#file.busy) return;
    if (offset >= this.#end) this.#closeBlock();
    this.#drop(this.#pieceOf(offset));
    if (offset >= this.#end) this.#file.rewind();
  }

  discard(): void {
    this.#over = true;
    this.#closeBlock();
    this.#drop(this.#pieces.length);
    this.#file.close();
  }

  #keep(slice: Uint8Array): void {
    if (slice.length >= smallBytes) {
      this.#closeBlock();
      this.#pieces.push({ start: this.#end, bytes: slice });
      return;
    }
    if (this.#blockUsed + slice.length > this.#block.length) {
      this.#closeBlock();
      this.#block = new Uint8Array(blockBytes);
    }
    this.#block.set(slice, this.#blockUsed);
    this.#blockUsed += slice.length;
  }

  /** What is in the block becomes a piece; the rest of it is written on. */
  #closeBlock(): void {
    if (this.#blockUsed === 0) return;
    const bytes = this.#block.subarray(0, this.#blockUsed);
    this.#pieces.push({ start: this.#end - bytes.length, bytes });
    this.#block = this.#block.subarray(this.#blockUsed);
    this.#blockUsed = 0;
  }

  /** The index of the first piece that ends behind the offset. */
  #pieceOf(offset: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const piece = this.#pieces[middle];
      if (piece !== undefined && piece.start + piece.bytes.length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #flush(): void {
    if (this.#file.busy || (this.#file.used && this.#memoryBytes < writtenAtOnceBytes)) return;
    this.#closeBlock();
    const [first] = this.#pieces;
    if (first !== undefined)
      this.#file.append(
        first.start,
        this.#pieces.map(({ bytes }) => bytes),
      );
  }

  #written(pieces: number): void {
    this.#drop(pieces);
    this.#flush();
    if (!this.#stalled || this.#memoryBytes > unwrittenBytesMax) return;
    this.#stalled = false;
    this.#events.drained();
  }

  #drop(pieces: number): void {
    const dropped = this.#pieces.splice(0, pieces).reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.#memoryBytes -= dropped;
    this.#memory.give(dropped);
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.discard();
    this.#events.failed(error);
  }
}
