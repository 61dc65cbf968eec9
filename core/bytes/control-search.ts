/** NUL, LF and CR are below it, and of the characters of text only TAB is. */
const controlsEnd = 14;
const [everyControlsEnd, everyHighBit] = [0x0e0e0e0e, 0x80808080];

/** Finds control octets, four octets at a time: lines are short, and a native search for each costs more than to look at all of it. */
export class ControlSearch {
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  /** Octets of the first word that stand before the bytes. */
  readonly #before: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#before = bytes.byteOffset & 3;
    const whole = (this.#before + bytes.length) >> 2;
    this.#words = new Uint32Array(bytes.buffer, bytes.byteOffset - this.#before, whole);
  }

  /** Where the first octet below 14 is, from `from` on; the number of bytes when there is none. */
  next(from: number): number {
    const [bytes, before] = [this.#bytes, this.#before];
    const aligned = Math.min(bytes.length, ((from + before + 3) & ~3) - before);
    for (let at = from; at < aligned; at++) if ((bytes[at] ?? 0) < controlsEnd) return at;
    const word = nextWord(this.#words, (aligned + before) >> 2);
    for (let at = Math.max(aligned, (word << 2) - before); at < bytes.length; at++) {
      if ((bytes[at] ?? 0) < controlsEnd) return at;
    }
    return bytes.length;
  }
}

/** The first word that has such an octet, or behind the last. */
function nextWord(words: Uint32Array, from: number): number {
  let at = from;
  // Where an octet is less, the subtraction borrows into its high bit; where that was set before, it is not less.
  for (; at < words.length; at++) {
    const word = words[at] ?? 0;
    if (((word - everyControlsEnd) & ~word & everyHighBit) !== 0) break;
  }
  return at;
}
