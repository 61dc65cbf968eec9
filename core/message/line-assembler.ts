const LF = 10;
const empty = new Uint8Array(0);

/**
 * Cuts chunks at LF and joins the lines that stand in several chunks. Of a line longer than `bytesMax` its first bytes are given and
 * the rest is passed over by the reads that follow. Slices are valid until the next chunk.
 */
export class LineAssembler {
  readonly #bytesMax: number;
  #kept: Uint8Array[] = [];
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
      this.#kept.push(new Uint8Array(piece));
      this.#keptBytes += piece.length;
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

  #take(piece: Uint8Array): Uint8Array {
    if (this.#kept.length === 0) return piece;
    const line = new Uint8Array(this.#keptBytes + piece.length);
    let at = 0;
    for (const part of [...this.#kept, piece]) {
      line.set(part, at);
      at += part.length;
    }
    this.#kept = [];
    this.#keptBytes = 0;
    return line;
  }
}
