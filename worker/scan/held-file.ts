import { close, constants, open, read, unlink, writev } from "node:fs";
import { join } from "node:path";

/** One read. Bytes. */
const readBytes = 65_536;

export type HeldFileEvents = {
  /** So many of the pieces given last are in the file: all of them. */
  written(pieces: number): void;
  /** Called at most once, and not after `close`. */
  failed(error: Error): void;
};

/** A file that has no name in any directory once it is open, so that nothing is left behind whatever happens. Closed by `close`. */
export class HeldFile {
  readonly #path: string;
  readonly #events: HeldFileEvents;
  #file: number | null = null;
  /** The offset in the message of the file's first byte, reckoned back from its last. */
  #start = 0;
  #bytes = 0;
  #used = false;
  #writing = false;
  /** Operations under way: the file is closed after the last. */
  #pending = 0;
  #closed = false;

  /** `name` must be new in the folder. Nothing is made before the first `append`. */
  constructor(folder: string, name: string, events: HeldFileEvents) {
    this.#path = join(folder, name);
    this.#events = events;
  }

  get used(): boolean {
    return this.#used;
  }

  /** Pieces are being written; `append` must wait for `written`. */
  get busy(): boolean {
    return this.#writing;
  }

  /** Writes the bytes at the offset of the message behind what is there; where the two do not meet, what is there is not read again. */
  append(offset: number, pieces: Uint8Array[]): void {
    this.#start = offset - this.#bytes;
    this.#used = true;
    this.#writing = true;
    if (this.#file === null) this.#open(pieces);
    else this.#write(this.#file, pieces, pieces.length);
  }

  /** Reads what was written at the offset of the message, at most up to `to`. */
  read(offset: number, to: number, done: (bytes: Uint8Array) => void): void {
    if (this.#file === null) return;
    const at = offset - this.#start;
    const wanted = Math.min(readBytes, to - offset, this.#bytes - at);
    const buffer = Buffer.allocUnsafe(wanted);
    this.#pending++;
    read(this.#file, buffer, 0, wanted, at, (error, bytes) => {
      if (this.#ended()) return;
      if (error !== null || bytes === 0) this.#fail(error ?? new Error("the file of a held message ends early"));
      else done(buffer.subarray(0, bytes));
    });
  }

  /** Nothing that is there will be read again: what comes is written over it. Not while `busy`. */
  rewind(): void {
    if (this.#pending === 0) this.#bytes = 0;
  }

  close(): void {
    this.#closed = true;
    if (this.#pending > 0 || this.#file === null) return;
    close(this.#file);
    this.#file = null;
  }

  #open(pieces: Uint8Array[]): void {
    this.#pending++;
    const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    open(this.#path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600, (error, file) => {
      if (error !== null) return this.#ended() ? undefined : this.#fail(error);
      this.#file = file;
      unlink(this.#path, (unlinkError) => {
        if (this.#ended()) return;
        if (unlinkError !== null) this.#fail(unlinkError);
        else this.#write(file, pieces, pieces.length);
      });
    });
  }

  #write(file: number, pieces: readonly Uint8Array[], given: number): void {
    this.#pending++;
    writev(file, pieces, this.#bytes, (error, written) => {
      if (this.#ended()) return;
      if (error !== null) return this.#fail(error);
      this.#bytes += written;
      const rest = withoutFirst(pieces, written);
      if (rest.length > 0) return this.#write(file, rest, given);
      this.#writing = false;
      this.#events.written(given);
    });
  }

  /** True: the file was closed meanwhile, its result is nobody's any more. */
  #ended(): boolean {
    this.#pending--;
    if (this.#closed) this.close();
    return this.#closed;
  }

  #fail(error: Error): void {
    this.close();
    this.#events.failed(error);
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
