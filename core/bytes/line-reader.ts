const CR = 13;
const LF = 10;
const empty = new Uint8Array(0);

/** Why a line cannot be taken as it stands. Only CRLF ends a good line (RFC 5321 §2.3.8). */
export type LineFault = "too-long" | "bare-cr" | "bare-lf" | "nul";

/** One line, CRLF taken off. `fault` null: `bytes` is a slice of what was pushed, valid until the next push; else `bytes` is empty. */
export type Line = { bytes: Uint8Array; fault: LineFault | null };

/**
 * Cuts received bytes into lines of at most `lineBytesMax` bytes, CRLF included. A faulty line ends at its LF and
 * is reported once; a too long one is dropped while it arrives, so that never more than the cap is kept of it.
 */
export class LineReader {
  readonly #lineBytesMax: number;
  #unread: Uint8Array = empty;
  /** Where the search for LF goes on: everything before is known to hold none. */
  #searched = 0;
  #dropping = false;

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  get unreadBytes(): number {
    return this.#unread.length;
  }

  /** A line is too long already, although its end did not come. */
  get dropping(): boolean {
    return this.#dropping;
  }

  /** Adds received bytes; they are kept by reference and must not change. */
  push(chunk: Uint8Array): void {
    this.#unread = this.#unread.length === 0 ? chunk : joined(this.#unread, chunk);
  }

  /** The next line, or null when more bytes are needed. `lineBytesMax`: for this line another cap. */
  next(lineBytesMax = this.#lineBytesMax): Line | null {
    const end = this.#unread.indexOf(LF, this.#searched);
    if (end === -1) {
      this.#keepPartial(lineBytesMax);
      return null;
    }
    const tooLong = this.#dropping || end + 1 > lineBytesMax;
    const line = tooLong ? { bytes: empty, fault: "too-long" as const } : readLine(this.#unread, end);
    // Nothing of a chunk that was read to its end is kept alive.
    this.#unread = end + 1 === this.#unread.length ? empty : this.#unread.subarray(end + 1);
    this.#searched = 0;
    this.#dropping = false;
    return line;
  }

  /** Hands out at most so many of the bytes that no line has taken: they are not lines. */
  take(bytes: number): Uint8Array {
    const taken = this.#unread.subarray(0, bytes);
    this.#unread = taken.length === this.#unread.length ? empty : this.#unread.subarray(bytes);
    this.#searched = 0;
    return taken;
  }

  /** Hands out everything that no line has taken, and forgets it: what follows is not lines. */
  takeRest(): Uint8Array {
    const rest = this.#unread;
    this.#unread = empty;
    this.#searched = 0;
    this.#dropping = false;
    return rest;
  }

  #keepPartial(lineBytesMax: number): void {
    this.#searched = this.#unread.length;
    if (this.#unread.length < lineBytesMax) return;
    this.#dropping = true;
    this.#unread = empty;
    this.#searched = 0;
  }
}

function readLine(bytes: Uint8Array, lf: number): Line {
  if (lf === 0 || bytes[lf - 1] !== CR) return { bytes: empty, fault: "bare-lf" };
  const line = bytes.subarray(0, lf - 1);
  if (line.includes(CR)) return { bytes: empty, fault: "bare-cr" };
  if (line.includes(0)) return { bytes: empty, fault: "nul" };
  return { bytes: line, fault: null };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
