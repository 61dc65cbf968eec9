const CR = 13;
const LF = 10;
const DOT = 46;
const crlfBytes = Uint8Array.of(CR, LF);
const dotBytes = Uint8Array.of(DOT);
const endMark = Uint8Array.of(DOT, CR, LF);

/**
 * The exact inverse of DotUnstuffer: a dot is put before a line that begins with one, and only CRLF makes a line. Nothing else is touched, so that
 * a bare CR or LF leaves as it came; where none may leave, DotEncoder is to be used.
 */
export class DotStuffer {
  readonly #emit: (slice: Uint8Array) => void;
  /** What the bytes so far end with. */
  #position: "line-start" | "text" | "cr" = "line-start";

  /** `emit` takes slices of the written chunks, synchronously. */
  constructor(emit: (slice: Uint8Array) => void) {
    this.#emit = emit;
  }

  write(chunk: Uint8Array): void {
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#position === "line-start" && chunk[at] === DOT) {
        if (at > from) this.#emit(chunk.subarray(from, at));
        this.#emit(dotBytes);
        from = at;
      }
      if (this.#position === "cr" && chunk[at] === LF) {
        this.#position = "line-start";
        at++;
        continue;
      }
      const cr = chunk.indexOf(CR, at);
      this.#position = cr === -1 ? "text" : "cr";
      at = cr === -1 ? chunk.length : cr + 1;
    }
    if (from < chunk.length) this.#emit(from === 0 ? chunk : chunk.subarray(from));
  }

  /** Ends the last line if it is open, and writes the end mark. Called once. */
  end(): void {
    if (this.#position !== "line-start") this.#emit(crlfBytes);
    this.#emit(endMark);
  }
}
