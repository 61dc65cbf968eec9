const CR = 13;
const LF = 10;
const DOT = 46;
const crBytes = Uint8Array.of(CR);

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

  /** The longest line so far in bytes, CRLF included, ended or not. */
  get longestLine(): number {
    return Math.max(this.#longestLine, this.#lineBytes);
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
    let lineStart = from;
    for (;;) {
      const lf = chunk.indexOf(LF, lineStart);
      if (lf === -1) return this.#readPartial(chunk, from, lineStart);
      this.#countLine(lf + 1 - lineStart);
      const afterCrlf = lf > 0 && chunk[lf - 1] === CR;
      lineStart = lf + 1;
      if (afterCrlf && (lineStart === chunk.length || chunk[lineStart] === DOT)) {
        this.#give(chunk.subarray(from, lineStart));
        this.#position = "line-start";
        return lineStart;
      }
      if (lineStart === chunk.length) return this.#readPartial(chunk, from, lineStart);
    }
  }

  #readPartial(chunk: Uint8Array, from: number, lineStart: number): number {
    const endsWithCr = chunk[chunk.length - 1] === CR;
    this.#give(chunk.subarray(from, endsWithCr ? chunk.length - 1 : chunk.length));
    this.#lineBytes += chunk.length - lineStart;
    this.#position = endsWithCr ? "cr" : "text";
    return chunk.length;
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
        this.#countLine(1);
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

  #countLine(bytes: number): void {
    this.#longestLine = Math.max(this.#longestLine, this.#lineBytes + bytes);
    this.#lineBytes = 0;
  }

  #give(slice: Uint8Array): void {
    if (slice.length === 0) return;
    this.#decodedBytes += slice.length;
    this.#decoded(slice);
  }
}
