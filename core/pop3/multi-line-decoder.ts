const CR = 13;
const LF = 10;
const DOT = 46;
const crBytes = Uint8Array.of(CR);
/** Lines up to this are not told apart: no limit is lower. */
const usualLineBytes = 512;

/** What the bytes so far end with; the bytes of cr, dot and dot-cr are withheld. */
type Position = "line-start" | "text" | "cr" | "dot" | "dot-cr";

/**
 * Reads a multi-line response (RFC 1939 §3). Unlike the reader of SMTP DATA it takes every byte as it is: a stored message
 * may hold a bare CR, a bare LF or a NUL, and goes to the client byte for byte. Only CRLF.CRLF ends it.
 */
export class MultiLineDecoder {
  readonly #decoded: (slice: Uint8Array) => void;
  #position: Position = "line-start";
  #lineBytes = 0;
  #longestLine = 0;
  #decodedBytes = 0;
  #ended = false;

  /** `decoded` gets the message, dots undone, as slices of the chunks. */
  constructor(decoded: (slice: Uint8Array) => void) {
    this.#decoded = decoded;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get decodedBytes(): number {
    return this.#decodedBytes;
  }

  /** The longest line so far in bytes, CRLF included, ended or not; 0: none is longer than `usualLineBytes`. */
  get longestLine(): number {
    const open = this.#lineBytes > usualLineBytes ? this.#lineBytes : 0;
    return Math.max(this.#longestLine, open);
  }

  /** Returns how many bytes of the chunk belong to the response; fewer than all only when it ended. */
  write(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && !this.#ended) {
      const plain = this.#position === "text" || (this.#position === "line-start" && chunk[at] !== DOT);
      at = plain ? this.#readText(chunk, at) : this.#step(chunk, at);
    }
    return at;
  }

  /** Gives out everything up to a line that begins with a dot, or to the end of the chunk; a CR at the end waits. */
  #readText(chunk: Uint8Array, from: number): number {
    const to = lineDot(chunk, from);
    const endsWithCr = to === chunk.length && chunk[to - 1] === CR;
    this.#give(chunk.subarray(from, endsWithCr ? to - 1 : to));
    this.#countLines(chunk, from, to);
    if (endsWithCr) this.#position = "cr";
    else this.#position = isAfterCrlf(chunk, to) ? "line-start" : "text";
    return to;
  }

  /** In leaps: as far as the longest line so far reaches, any line end will do. */
  #countLines(chunk: Uint8Array, from: number, to: number): void {
    let lineStart = from;
    while (lineStart < to) {
      const reach = lineStart + Math.max(this.#longestLine, usualLineBytes) - this.#lineBytes;
      const near = reach > lineStart ? chunk.lastIndexOf(LF, Math.min(reach, to) - 1) : -1;
      const lf = near >= lineStart ? near : chunk.indexOf(LF, Math.max(reach, lineStart));
      if (lf === -1 || lf >= to) break;
      if (lf >= reach) this.#longestLine = this.#lineBytes + lf + 1 - lineStart;
      this.#lineBytes = 0;
      lineStart = lf + 1;
    }
    this.#lineBytes += to - lineStart;
  }

  /** One byte after a position whose meaning hangs on it. */
  #step(chunk: Uint8Array, at: number): number {
    const byte = chunk[at];
    switch (this.#position) {
      case "cr":
        this.#give(crBytes);
        this.#position = "text";
        if (byte !== LF) return at;
        this.#give(chunk.subarray(at, at + 1));
        this.#countLines(chunk, at, at + 1);
        this.#position = "line-start";
        return at + 1;
      case "line-start":
        this.#position = "dot";
        return at + 1;
      case "dot":
        if (byte === CR) {
          this.#position = "dot-cr";
          return at + 1;
        }
        // It was stuffed: on the wire only.
        this.#position = "text";
        return at;
      case "dot-cr":
        if (byte === LF) {
          this.#ended = true;
          return at + 1;
        }
        this.#give(crBytes);
        this.#position = "text";
        return at;
      case "text":
        return at;
      default:
        return this.#position satisfies never;
    }
  }

  #give(slice: Uint8Array): void {
    if (slice.length === 0) return;
    this.#decodedBytes += slice.length;
    this.#decoded(slice);
  }
}

/** The next dot at the beginning of a line, or the chunk's length. Dots are looked for, not lines: encoded files have none. */
function lineDot(chunk: Uint8Array, from: number): number {
  for (let dot = chunk.indexOf(DOT, from); dot !== -1; ) {
    if (isAfterCrlf(chunk, dot)) return dot;
    const lf = chunk.indexOf(LF, dot);
    dot = lf === -1 ? -1 : chunk.indexOf(DOT, lf + 1);
  }
  return chunk.length;
}

function isAfterCrlf(chunk: Uint8Array, at: number): boolean {
  return chunk[at - 1] === LF && chunk[at - 2] === CR;
}
