const LF = 10;
const empty = new Uint8Array(0);

/**
 * Cuts chunks at LF and joins the lines that stand in several chunks. Of a line longer than `bytesMax` its first bytes are given and
 * the rest is passed over by the reads that follow. Slices are valid until the next chunk.
 */
export class LineAssembler {
  readonly #bytesMax: number;
  /** The beginning of a line that is not given yet: `#keptBytes` of it. One buffer, so that a line in pieces of one byte costs no object each. */
  #kept: Uint8Array = empty;
  #keptBytes = 0;
  #skipping = false;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether a line was begun that is not given yet. */
  get pending(): boolean {
    return this.#keptBytes > 0;
  }

  /** Whether the next byte begins a line. */
  get atLineStart(): boolean {
    return this.#keptBytes === 0 && !this.#skipping;
  }

  /** Reads one line from `from` on. `line` is null while it is not complete; `next` is where to go on. The LF is not part of the line. */
  read(chunk: Uint8Array, from: number): { line: Uint8Array | null; next: number } {
    const lf = chunk.indexOf(LF, from);
    const end = lf === -1 ? chunk.length : lf;
    const next = lf === -1 ? chunk.length : lf + 1;
    if (this.#skipping) {
      this.#skipping = lf === -1;
      return { line: null, next };
    }
    const room = this.#bytesMax - this.#keptBytes;
    const tooLong = end - from >= room;
    const piece = chunk.subarray(from, tooLong ? from + room : end);
    if (lf === -1 && !tooLong) {
      this.#keep(piece);
      return { line: null, next };
    }
    this.#skipping = tooLong;
    return { line: this.#take(piece), next: tooLong ? from + room : next };
  }

  /** The line that begins at `from` is of no interest: gives where the next begins, if not in a later chunk. */
  skip(chunk: Uint8Array, from: number): number {
    const lf = chunk.indexOf(LF, from);
    this.#skipping = lf === -1;
    return lf === -1 ? chunk.length : lf + 1;
  }

  /** The last line when no LF ended it, or null. */
  rest(): Uint8Array | null {
    return this.#keptBytes === 0 ? null : this.#take(empty);
  }

  #keep(piece: Uint8Array): void {
    const bytes = this.#keptBytes + piece.length;
    if (bytes > this.#kept.length) {
      const larger = new Uint8Array(Math.max(bytes, 2 * this.#kept.length));
      larger.set(this.#kept.subarray(0, this.#keptBytes));
      this.#kept = larger;
    }
    this.#kept.set(piece, this.#keptBytes);
    this.#keptBytes = bytes;
  }

  #take(piece: Uint8Array): Uint8Array {
    if (this.#keptBytes === 0) return piece;
    this.#keep(piece);
    const line = this.#kept.subarray(0, this.#keptBytes);
    this.#kept = empty;
    this.#keptBytes = 0;
    return line;
  }
}
