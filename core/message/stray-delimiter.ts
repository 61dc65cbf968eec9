const CR = 13;
const DASH = 45;

/**
 * Watches for "--" after a CR that stands alone. A mail reader that takes a bare CR for a line end (RFC 5322 §2.3 forbids them) sees
 * a delimiter there that others do not.
 */
export class StrayDelimiter {
  /** How much of CR, "-", "-" the bytes so far end with. */
  #matched = 0;
  #seen = false;

  get seen(): boolean {
    return this.#seen;
  }

  write(chunk: Uint8Array): void {
    let at = 0;
    for (; this.#matched > 0 && at < chunk.length && !this.#seen; at++) this.#step(chunk[at]);
    if (this.#seen || at === chunk.length) return;
    // A dash is looked for, and what stands before it: unlike a CR it is not in every line.
    for (at = chunk.indexOf(DASH, at); at !== -1 && !this.#seen; at = chunk.indexOf(DASH, at)) {
      this.#seen = chunk[at - 1] === CR && chunk[at + 1] === DASH;
      while (chunk[at] === DASH) at++;
    }
    for (let end = Math.max(0, chunk.length - 2); end < chunk.length; end++) this.#step(chunk[end]);
  }

  #step(byte: number | undefined): void {
    if (byte === CR) this.#matched = 1;
    else this.#matched = byte === DASH && this.#matched > 0 ? this.#matched + 1 : 0;
    if (this.#matched > 2) this.#seen = true;
  }
}

/** A CR elsewhere than at the end. */
export function hasBareCr(line: Uint8Array): boolean {
  const cr = line.indexOf(CR);
  return cr !== -1 && cr < line.length - 1;
}
