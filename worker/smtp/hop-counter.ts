/** Received lines of a message that still travels (RFC 5321 §6.3: at least 100); one more is a loop. */
export const hopsMax = 100;
/** How far a header is looked at for them. */
const headerBytesMax = 256 * 1024;

/** Counts the Received lines on top of a message, in the spelling that relays write. */
export class HopCounter {
  #hops = 0;
  #bytes = 0;
  #over = false;
  #atLineStart = true;

  get isLooping(): boolean {
    return this.#hops > hopsMax;
  }

  /** Takes slices of the message in order; a name that is cut between two of them is not counted. */
  write(slice: Uint8Array): void {
    if (this.#over) return;
    const bytes = Buffer.from(slice.buffer, slice.byteOffset, slice.byteLength);
    const headerEnd = bytes.indexOf("\r\n\r\n");
    const end = headerEnd === -1 ? bytes.length : headerEnd;
    for (let at = bytes.indexOf("Received:"); at !== -1 && at < end; at = bytes.indexOf("Received:", at + 1)) {
      if (at === 0 ? this.#atLineStart : bytes[at - 1] === 10) this.#hops++;
    }
    this.#bytes += bytes.length;
    this.#atLineStart = bytes[bytes.length - 1] === 10;
    this.#over = headerEnd !== -1 || this.#bytes > headerBytesMax;
  }
}
