const empty = new Uint8Array(0);

/**
 * The bytes of a stream that are read and not given on yet: while it is open whether a line break belongs to a body or to a delimiter
 * (RFC 2046 §5.1.1). Slices of the chunk under way are given as they are; only what waits over a chunk's end is copied.
 */
export class Backlog {
  /** What waits from earlier chunks. */
  #kept: Uint8Array[] = [];
  /** Offset of the first byte that waits. */
  #from = 0;
  #chunk: Uint8Array = empty;
  #chunkAt = 0;

  /** The next chunk begins at the offset `at`. */
  begin(chunk: Uint8Array, at: number): void {
    this.#chunk = chunk;
    this.#chunkAt = at;
  }

  /** Gives everything before the offset `to`, in order. */
  giveTo(to: number, take: (piece: Uint8Array) => void): void {
    let from = this.#from;
    let used = 0;
    while (from < Math.min(to, this.#chunkAt)) {
      const kept = this.#kept[used] ?? empty;
      const taken = kept.subarray(0, to - from);
      if (taken.length === kept.length) used++;
      else this.#kept[used] = kept.subarray(taken.length);
      from += taken.length;
      take(taken);
    }
    this.#kept.splice(0, used);
    this.#from = Math.max(this.#from, to);
    if (from < to) take(this.#chunk.subarray(from - this.#chunkAt, to - this.#chunkAt));
  }

  /** The chunk is over. What still waits is copied: the chunk's memory may be used again. */
  keep(): void {
    const rest = this.#chunk.subarray(Math.max(0, this.#from - this.#chunkAt));
    if (rest.length > 0) this.#push(new Uint8Array(rest));
    this.#chunkAt += this.#chunk.length;
    this.#chunk = empty;
  }

  /** Pieces of like size are joined: chunks of one byte leave few objects, and each byte is copied a logarithm of times. */
  #push(piece: Uint8Array): void {
    let last = piece;
    for (
      let before = this.#kept.at(-1);
      before !== undefined && before.length <= last.length;
      before = this.#kept.at(-1)
    ) {
      this.#kept.pop();
      const joined = new Uint8Array(before.length + last.length);
      joined.set(before);
      joined.set(last, before.length);
      last = joined;
    }
    this.#kept.push(last);
  }
}
