import { close, constants, open, read, unlink, writev } from "node:fs";
import { join } from "node:path";

/** What is held of one message in memory; a larger one goes to a file. Bytes. */
export const heldInMemoryBytesMax = 1_048_576;
/** Bytes that may wait for the disk before the server is made to wait. */
const unwrittenBytesMax = 262_144;
const readBytes = 65_536;
/** Pieces smaller than this are gathered into blocks: a server that drips would cost far more than its bytes. */
const smallBytes = 2_048;
const blockBytes = 16_384;

/** Takes the pieces of a replay in order; answers false to be asked again only after `resume`. */
export interface ReplayTarget {
  piece(bytes: Uint8Array): boolean;
  /** All pieces were given, or the file could not be read. */
  done(error: Error | null): void;
}

/**
 * A message that waits for its verdict, in memory up to a cap, past it in a file that has no name in any directory, so that
 * nothing is left behind whatever happens. `discard` must be called once it is no longer needed; twice does no harm.
 */
export class HeldMessage {
  /** Called when the server may send on, after `write` answered false. */
  onDrain: (() => void) | null = null;
  /** The disk failed; the message cannot be replayed. */
  onError: ((error: Error) => void) | null = null;
  readonly #path: string;
  #memory: Uint8Array[] = [];
  #memoryBytes = 0;
  #block = new Uint8Array(0);
  #blockUsed = 0;
  #opening = false;
  #file: number | null = null;
  #fileBytes = 0;
  #busy = false;
  #discarded = false;
  #stalled = false;
  #replay: { target: ReplayTarget; at: number } | null = null;

  /** `folder` must exist; `name` must be new in it. */
  constructor(folder: string, name: string) {
    this.#path = join(folder, name);
  }

  /** Keeps the slice, which must not change afterwards. False: pause until `onDrain`. */
  write(slice: Uint8Array): boolean {
    if (this.#discarded) return true;
    this.#keep(slice);
    if (this.#file === null && this.#memoryBytes <= heldInMemoryBytesMax) return true;
    this.#flush();
    this.#stalled = this.#memoryBytes > unwrittenBytesMax;
    return !this.#stalled;
  }

  #keep(slice: Uint8Array): void {
    this.#memoryBytes += slice.length;
    if (slice.length >= smallBytes) {
      this.#closeBlock();
      this.#memory.push(slice);
      return;
    }
    if (this.#blockUsed + slice.length > this.#block.length) {
      this.#closeBlock();
      this.#block = new Uint8Array(blockBytes);
    }
    this.#block.set(slice, this.#blockUsed);
    this.#blockUsed += slice.length;
  }

  #closeBlock(): void {
    if (this.#blockUsed > 0) this.#memory.push(this.#block.subarray(0, this.#blockUsed));
    this.#block = new Uint8Array(0);
    this.#blockUsed = 0;
  }

  /** The pieces when all of them are in memory, else null. */
  inMemory(): readonly Uint8Array[] | null {
    this.#closeBlock();
    return this.#file === null && !this.#opening ? this.#memory : null;
  }

  /** Gives everything out once, from the start; called after the last `write`. */
  replay(target: ReplayTarget): void {
    this.#closeBlock();
    this.#replay = { target, at: 0 };
    this.resume();
  }

  /** Goes on with a replay that was asked to stop. */
  resume(): void {
    if (this.#replay === null || this.#busy || this.#opening || this.#discarded) return;
    if (this.#file !== null && this.#memoryBytes > 0) return this.#flush();
    if (this.#file !== null) return this.#readOn(this.#file, this.#replay);
    for (let piece = this.#memory.shift(); piece !== undefined; piece = this.#memory.shift()) {
      if (!this.#replay.target.piece(piece)) return;
    }
    this.#replay.target.done(null);
  }

  discard(): void {
    this.#discarded = true;
    this.#memory = [];
    if (this.#file === null || this.#busy) return;
    close(this.#file);
    this.#file = null;
  }

  #flush(): void {
    if (this.#busy || this.#opening) return;
    if (this.#file === null) this.#open();
    else this.#append(this.#file);
  }

  #open(): void {
    this.#opening = true;
    const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    open(this.#path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600, (error, file) => {
      if (error !== null) return this.#fail(error);
      unlink(this.#path, (unlinkError) => {
        this.#opening = false;
        this.#file = file;
        if (this.#discarded) this.discard();
        else if (unlinkError !== null) this.#fail(unlinkError);
        else this.#append(file);
      });
    });
  }

  #append(file: number): void {
    this.#closeBlock();
    const pieces = this.#memory;
    this.#memory = [];
    this.#memoryBytes = 0;
    this.#write(file, pieces);
  }

  #write(file: number, pieces: Uint8Array[]): void {
    this.#busy = true;
    writev(file, pieces, this.#fileBytes, (error, written) => {
      this.#busy = false;
      if (this.#discarded) return this.discard();
      if (error !== null) return this.#fail(error);
      this.#fileBytes += written;
      const rest = withoutFirst(pieces, written);
      if (rest.length > 0) this.#write(file, rest);
      else if (this.#memoryBytes > 0) this.#append(file);
      else this.#written();
    });
  }

  #written(): void {
    if (this.#stalled) {
      this.#stalled = false;
      this.onDrain?.();
    }
    this.resume();
  }

  #readOn(file: number, replay: { target: ReplayTarget; at: number }): void {
    if (replay.at === this.#fileBytes) return replay.target.done(null);
    this.#busy = true;
    const buffer = Buffer.allocUnsafe(Math.min(readBytes, this.#fileBytes - replay.at));
    read(file, buffer, 0, buffer.length, replay.at, (error, bytes) => {
      this.#busy = false;
      if (this.#discarded) return this.discard();
      if (error !== null || bytes === 0) return replay.target.done(error ?? new Error("the held message ends early"));
      replay.at += bytes;
      if (replay.target.piece(buffer.subarray(0, bytes))) this.resume();
    });
  }

  #fail(error: Error): void {
    this.#opening = false;
    const { onError } = this;
    const told = this.#discarded;
    this.discard();
    if (!told) onError?.(error);
  }
}

function withoutFirst(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  const rest: Uint8Array[] = [];
  for (const piece of pieces) {
    if (skip < piece.length) rest.push(piece.subarray(skip));
    skip = Math.max(0, skip - piece.length);
  }
  return rest;
}
