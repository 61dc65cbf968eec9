import type { BodyDecoder } from "./body-decoder.ts";
import type { BodyFault, DotSink } from "./dot-decoder.ts";

const CR = 13;
const LF = 10;
const DOT = 46;
const crlfBytes = Uint8Array.of(CR, LF);
const dotBytes = Uint8Array.of(DOT);
const blankBytes = Uint8Array.of(32);

/** What becomes of a text that breaks the rules of lines. `lineBytesMax` counts CRLF (RFC 5321 §4.5.3.1.6). */
export type LineRules = {
  lineBytesMax: number;
  /** normalise: a CR or LF that stands alone becomes CRLF. */
  bareLineEnds: "refuse" | "normalise";
  /** break: CRLF and a blank are put into a line that is too long. */
  longLines: "refuse" | "break";
};

/**
 * Makes lines of the bytes of a message, dots undone, and gives them out ready for the wire: every line ends with CRLF, and a line that
 * begins with a dot has another one before it (RFC 5321 §4.5.2), also one that only a repair made a line. By itself the body of BDAT,
 * whose every byte is the message's (RFC 3030 §2).
 */
export class LineRepair implements BodyDecoder {
  readonly #rules: LineRules;
  readonly #sink: DotSink;
  /** Bytes of the line so far, its CR left out. */
  #lineBytes = 0;
  /** A CR was read and nothing after it. */
  #afterCr = false;
  #fault: BodyFault | null = null;
  #ended = false;
  #decodedBytes = 0;
  /** The next of each in the chunk, kept so that each byte is searched once whatever stands in it. */
  #nextCr = -1;
  #nextLf = -1;
  #nextNul = -1;

  constructor(rules: LineRules, sink: DotSink) {
    this.#rules = rules;
    this.#sink = sink;
  }

  /** The first thing that cannot be repaired; after it nothing more is given out. */
  get fault(): BodyFault | null {
    return this.#fault;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get decodedBytes(): number {
    return this.#decodedBytes;
  }

  write(chunk: Uint8Array): number {
    this.#nextCr = -1;
    this.#nextLf = -1;
    this.#nextNul = -1;
    for (let at = 0; at < chunk.length && this.#fault === null; ) {
      at = this.#afterCr ? this.#readAfterCr(chunk, at) : this.#readLines(chunk, at);
    }
    return chunk.length;
  }

  /** The text is over: a last line without an end gets one. */
  end(): void {
    this.#ended = true;
    if (this.#fault !== null) return;
    if (this.#afterCr && this.#rules.bareLineEnds === "refuse") this.#fault = "bare-cr";
    else if (this.#afterCr || this.#lineBytes > 0) this.#endLine();
    this.#afterCr = false;
  }

  #readAfterCr(chunk: Uint8Array, at: number): number {
    const whole = chunk[at] === LF;
    this.#afterCr = false;
    if (!whole && this.#rules.bareLineEnds === "refuse") return this.#fail("bare-cr", at);
    this.#endLine();
    return whole ? at + 1 : at;
  }

  /** Gives as many good lines as there are in one slice, then one piece of what comes after them. */
  #readLines(chunk: Uint8Array, from: number): number {
    if (this.#lineBytes === 0 && chunk[from] === DOT) this.#sink.stuffedDot(dotBytes);
    let counted = this.#lineBytes;
    for (let lineStart = from; ; ) {
      this.#search(chunk, lineStart);
      const lf = this.#nextLf;
      const good = lf < this.#nextNul && this.#nextCr === lf - 1;
      if (!good || counted + lf + 1 - lineStart > this.#rules.lineBytesMax) {
        this.#give(chunk, from, lineStart);
        this.#lineBytes = counted;
        return this.#readPiece(chunk, lineStart);
      }
      lineStart = lf + 1;
      counted = 0;
      if (lineStart === chunk.length || chunk[lineStart] === DOT) {
        this.#give(chunk, from, lineStart);
        this.#lineBytes = 0;
        return lineStart;
      }
    }
  }

  /** Reads up to the next byte that is not text, to where the line is full, or to the end of the chunk. */
  #readPiece(chunk: Uint8Array, from: number): number {
    const stop = Math.min(this.#nextCr, this.#nextLf, this.#nextNul);
    // Every line must have room for its CRLF.
    const room = this.#rules.lineBytesMax - crlfBytes.length - this.#lineBytes;
    if (stop - from > room) return this.#readFullLine(chunk, from, from + room);
    this.#give(chunk, from, stop);
    this.#lineBytes += stop - from;
    if (stop === chunk.length) return stop;
    if (stop === this.#nextNul) return this.#fail("nul", stop);
    if (stop === this.#nextCr) this.#afterCr = true;
    else if (this.#rules.bareLineEnds === "refuse") return this.#fail("bare-lf", stop);
    else this.#endLine();
    return stop + 1;
  }

  /** The line has no room for what stands at `full`. */
  #readFullLine(chunk: Uint8Array, from: number, full: number): number {
    if (this.#rules.longLines === "refuse") return this.#fail("line-too-long", full);
    this.#give(chunk, from, full);
    this.#endLine();
    // A blank: in a header field the line must count as folded (RFC 5322 §2.2.3).
    this.#give(blankBytes, 0, 1);
    this.#lineBytes = 1;
    return full;
  }

  #search(chunk: Uint8Array, from: number): void {
    if (this.#nextCr < from) this.#nextCr = indexOrEnd(chunk, CR, from);
    if (this.#nextLf < from) this.#nextLf = indexOrEnd(chunk, LF, from);
    if (this.#nextNul < from) this.#nextNul = indexOrEnd(chunk, 0, from);
  }

  #endLine(): void {
    this.#give(crlfBytes, 0, crlfBytes.length);
    this.#lineBytes = 0;
  }

  #give(bytes: Uint8Array, from: number, to: number): void {
    if (to === from) return;
    this.#decodedBytes += to - from;
    this.#sink.text(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
  }

  #fail(fault: BodyFault, at: number): number {
    this.#fault = fault;
    return at;
  }
}

function indexOrEnd(chunk: Uint8Array, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from);
  return at === -1 ? chunk.length : at;
}
