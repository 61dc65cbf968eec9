const LF = 10;
const CR = 13;

/** Gives the header, the empty line and the first lines of a body out of a message that passes (RFC 1939 §7, TOP). Lines end in LF. */
export class TopLines {
  readonly #out: (slice: Uint8Array) => void;
  #left: number;
  #inHeader = true;
  /** The line under way has nothing in it but perhaps a CR. */
  #empty = true;

  constructor(lines: number, out: (slice: Uint8Array) => void) {
    this.#left = lines;
    this.#out = out;
  }

  /** Nothing of what comes is wanted. */
  get over(): boolean {
    return !this.#inHeader && this.#left === 0;
  }

  write(slice: Uint8Array): void {
    let at = 0;
    while (at < slice.length && !this.over) {
      const lf = slice.indexOf(LF, at);
      const end = lf === -1 ? slice.length : lf + 1;
      this.#empty &&= isBlank(slice, at, lf === -1 ? end : lf);
      if (lf !== -1) this.#endLine();
      at = end;
    }
    if (at > 0) this.#out(at === slice.length ? slice : slice.subarray(0, at));
  }

  #endLine(): void {
    if (!this.#inHeader) this.#left--;
    else if (this.#empty) this.#inHeader = false;
    this.#empty = true;
  }
}

function isBlank(slice: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (slice[at] !== CR) return false;
  return true;
}
