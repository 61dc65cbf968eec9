/** How far a header is looked at for them. */
const headerBytesMax = 256 * 1024;

const LF = 10;
const CR = 13;
const name = Buffer.from("received:");
/** Turns A to Z into lower case and no other byte into a letter of the name. */
const lowerCaseBit = 0x20;

/** Counts the Received lines on top of a message, in any spelling of the name. */
export class HopCounter {
  readonly #hopsMax: number;
  #hops = 0;
  #bytes = 0;
  #over = false;
  /** Bytes of the name that the line so far is; -1 when it is another line. */
  #matched = 0;
  /** The line so far is a CR. */
  #onlyCr = false;

  /** `hopsMax`: Received lines of a message that still travels; one more is a loop (RFC 5321 §6.3). */
  constructor(hopsMax: number) {
    this.#hopsMax = hopsMax;
  }

  get isLooping(): boolean {
    return this.#hops > this.#hopsMax;
  }

  /** Takes slices of the message in order, any cut. */
  write(slice: Uint8Array): void {
    if (this.#over) return;
    this.#bytes += slice.length;
    for (let at = 0; at < slice.length && !this.#over; ) at = this.#read(slice, at);
    this.#over ||= this.#bytes > headerBytesMax;
  }

  /** Reads one byte that matters, or skips to the next line. */
  #read(slice: Uint8Array, at: number): number {
    if (this.#matched === -1) {
      const lf = slice.indexOf(LF, at);
      if (lf === -1) return slice.length;
      this.#matched = 0;
      return lf + 1;
    }
    const byte = slice[at] ?? 0;
    if (this.#onlyCr) {
      this.#onlyCr = false;
      this.#over = byte === LF;
      this.#matched = -1;
      return at;
    }
    this.#onlyCr = this.#matched === 0 && byte === CR;
    if (this.#onlyCr) return at + 1;
    const wanted = name[this.#matched];
    this.#matched = byte === wanted || (byte | lowerCaseBit) === wanted ? this.#matched + 1 : -1;
    if (this.#matched === -1) return at;
    if (this.#matched === name.length) {
      this.#hops++;
      this.#matched = -1;
    }
    return at + 1;
  }
}
