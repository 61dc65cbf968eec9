const CR = 13;
const LF = 10;
const DOT = 46;
const crlfBytes = Uint8Array.of(CR, LF);
const dotBytes = Uint8Array.of(DOT);
const endMark = Uint8Array.of(DOT, CR, LF);

/**
 * Writes a text dot-stuffed (RFC 5321 §4.5.2). Every CR or LF that stands alone becomes CRLF, so that no bare one
 * can leave. Slices of the written chunks go to `emit`, called synchronously.
 */
export class DotEncoder {
  readonly #emit: (slice: Uint8Array) => void;
  #atLineStart = true;
  #afterCr = false;
  /** The next CR and LF of the chunk, kept so that each byte is searched once whatever stands in it. */
  #nextCr = -1;
  #nextLf = -1;

  constructor(emit: (slice: Uint8Array) => void) {
    this.#emit = emit;
  }

  write(chunk: Uint8Array): void {
    this.#nextCr = -1;
    this.#nextLf = -1;
    let at = 0;
    while (at < chunk.length) at = this.#afterCr ? this.#endLine(chunk, at) : this.#writeLines(chunk, at);
  }

  /** Ends the last line if it is open. */
  endText(): void {
    if (this.#afterCr || !this.#atLineStart) this.#emit(crlfBytes);
    this.#afterCr = false;
    this.#atLineStart = true;
  }

  /** Ends the text and writes the end mark. Called once. */
  end(): void {
    this.endText();
    this.#emit(endMark);
  }

  /** The CR before was withheld: CRLF goes out whatever stood after it. */
  #endLine(chunk: Uint8Array, at: number): number {
    this.#afterCr = false;
    this.#atLineStart = true;
    this.#emit(crlfBytes);
    return chunk[at] === LF ? at + 1 : at;
  }

  /** Writes as many good lines as there are in one slice, then what comes after them. */
  #writeLines(chunk: Uint8Array, from: number): number {
    if (this.#atLineStart && chunk[from] === DOT) this.#emit(dotBytes);
    this.#atLineStart = false;
    for (let lineStart = from; ; ) {
      this.#search(chunk, lineStart);
      const lf = this.#nextLf;
      if (lf === chunk.length || this.#nextCr !== lf - 1) return this.#writeToStray(chunk, from);
      lineStart = lf + 1;
      if (lineStart === chunk.length || chunk[lineStart] === DOT) {
        this.#emit(chunk.subarray(from, lineStart));
        this.#atLineStart = true;
        return lineStart;
      }
    }
  }

  #search(chunk: Uint8Array, from: number): void {
    if (this.#nextCr < from) this.#nextCr = indexOrEnd(chunk, CR, from);
    if (this.#nextLf < from) this.#nextLf = indexOrEnd(chunk, LF, from);
  }

  /** Writes up to the next CR or LF, or to the end of the chunk. */
  #writeToStray(chunk: Uint8Array, from: number): number {
    const stray = Math.min(this.#nextCr, this.#nextLf);
    if (stray > from) this.#emit(chunk.subarray(from, stray));
    if (stray === chunk.length) return stray;
    if (stray === this.#nextCr) this.#afterCr = true;
    else {
      this.#emit(crlfBytes);
      this.#atLineStart = true;
    }
    return stray + 1;
  }
}

function indexOrEnd(chunk: Uint8Array, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from);
  return at === -1 ? chunk.length : at;
}
