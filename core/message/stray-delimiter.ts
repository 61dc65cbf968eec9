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
    while (at < chunk.length && !this.#seen) {
      if (this.#matched === 0) {
        const cr = chunk.indexOf(CR, at);
        if (cr === -1) return;
        this.#matched = 1;
        at = cr + 1;
      } else if (chunk[at] === DASH) {
        this.#seen = this.#matched === 2;
        this.#matched = 2;
        at++;
      } else this.#matched = 0;
    }
  }
}

/** A CR elsewhere than at the end. */
export function hasBareCr(line: Uint8Array): boolean {
  const cr = line.indexOf(CR);
  return cr !== -1 && cr < line.length - 1;
}
