const CR = 13;
const LF = 10;
const DOT = 46;
const crBytes = Uint8Array.of(CR);

/** What the bytes so far end with. The dot of dot and dot-cr is no part of the text, and the CR of dot-cr is withheld. */
type Position = "line-start" | "text" | "dot" | "dot-cr";

/**
 * Finds the end of a dot-terminated text and takes its stuffed dots out, whatever else stands in it: nothing but CRLF.CRLF ends it
 * (RFC 5321 §4.1.1.4), and at the very beginning `.CRLF`. Only CRLF makes a line here.
 */
export class DotUnstuffer {
  readonly #emit: (slice: Uint8Array) => void;
  #position: Position = "line-start";
  /** In text: the byte before was a CR. */
  #afterCr = false;
  #ended = false;

  /** `emit` takes slices of the written chunks, synchronously. */
  constructor(emit: (slice: Uint8Array) => void) {
    this.#emit = emit;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Returns how many bytes of the chunk belong to the text; fewer than all only when it ended. */
  write(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && !this.#ended) {
      at = this.#position === "text" ? this.#readText(chunk, at) : this.#step(chunk, at, this.#position);
    }
    return at;
  }

  /** Gives out text up to a line that begins with a dot, or to the end of the chunk. */
  #readText(chunk: Uint8Array, from: number): number {
    for (let at = from; ; ) {
      const lf = chunk.indexOf(LF, at);
      if (lf === -1) break;
      const afterCr = lf === from ? this.#afterCr : chunk[lf - 1] === CR;
      at = lf + 1;
      if (!afterCr || (at < chunk.length && chunk[at] !== DOT)) continue;
      this.#emit(chunk.subarray(from, at));
      this.#position = "line-start";
      return at;
    }
    this.#emit(chunk.subarray(from));
    this.#afterCr = chunk[chunk.length - 1] === CR;
    return chunk.length;
  }

  /** One byte whose meaning hangs on those before it. */
  #step(chunk: Uint8Array, at: number, position: Exclude<Position, "text">): number {
    const byte = chunk[at];
    switch (position) {
      case "line-start":
        if (byte === DOT) this.#position = "dot";
        else this.#becomeText();
        return byte === DOT ? at + 1 : at;
      case "dot":
        if (byte === CR) this.#position = "dot-cr";
        else this.#becomeText();
        return byte === CR ? at + 1 : at;
      case "dot-cr":
        this.#ended = byte === LF;
        if (this.#ended) return at + 1;
        this.#emit(crBytes);
        this.#becomeText();
        return at;
      default:
        return position satisfies never;
    }
  }

  #becomeText(): void {
    this.#position = "text";
    this.#afterCr = false;
  }
}
