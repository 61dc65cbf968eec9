const LF = 10;
const CR = 13;

/** Where the line under way stands in the stream, and how long the line break before it is. */
export class LinePlace {
  /** Offset of the chunk under way. */
  #chunkAt = 0;
  #chunk: Uint8Array = new Uint8Array(0);
  /** The last byte of the chunks before it, and the one before that. */
  #last = 0;
  #lastButOne = 0;
  #start = 0;
  #end = 0;
  #breakBytes = 0;

  /** Offset of the first byte of the line. */
  get start(): number {
    return this.#start;
  }

  /** Offset after its break, or after what of it was read. */
  get end(): number {
    return this.#end;
  }

  /** Offset before the line break that stands before the line. */
  get beforeBreak(): number {
    return this.#start - this.#breakBytes;
  }

  get chunkAt(): number {
    return this.#chunkAt;
  }

  beginChunk(chunk: Uint8Array): void {
    this.#chunk = chunk;
  }

  endChunk(): void {
    const { length } = this.#chunk;
    this.#lastButOne = length > 1 ? (this.#chunk[length - 2] ?? 0) : length === 1 ? this.#last : this.#lastButOne;
    this.#last = length > 0 ? (this.#chunk[length - 1] ?? 0) : this.#last;
    this.#chunkAt += length;
    this.#chunk = this.#chunk.subarray(length);
  }

  /** A line begins at `at` of the chunk. */
  begin(at: number): void {
    this.#start = this.#chunkAt + at;
    this.#end = this.#start;
    this.#breakBytes = this.breakBytesBefore(at);
  }

  /** It is read up to `at` of the chunk. */
  readTo(at: number): void {
    this.#end = this.#chunkAt + at;
  }

  /** Length of what may be a line break, or the beginning of one, before `at` of the chunk. */
  breakBytesBefore(at: number): 0 | 1 | 2 {
    const last = this.#before(at, 1);
    if (last === LF) return this.#before(at, 2) === CR ? 2 : 1;
    return 0;
  }

  #before(at: number, bytes: 1 | 2): number {
    if (at >= bytes) return this.#chunk[at - bytes] ?? 0;
    return bytes === at + 1 ? this.#last : this.#lastButOne;
  }
}
