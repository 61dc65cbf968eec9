const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
/** Turns A to Z into lower case and no other byte into a letter of the name. */
const lowerCaseBit = 0x20;

/** Kept of a field that is replaced; what is longer goes as well, and is not looked at. */
export const replacedFieldBytesMax = 4096;

/**
 * Replaces every field of one name in a message's own header while it streams by: in any spelling, folded or not. Everything else goes
 * through octet for octet, and never waits for more than the name of a field.
 */
export class FieldReplacer {
  readonly #name: Uint8Array;
  readonly #replacement: (body: Uint8Array) => Uint8Array;
  readonly #out: (slice: Uint8Array) => void;
  /**
   * name: this line may begin with the name, `#held` does. pass: another field. field: it is replaced. next: its line ended, the next
   * octet tells whether it goes on. over: the header has ended.
   */
  #state: "name" | "pass" | "field" | "next" | "over" = "name";
  #held: number[] = [];
  #body: number[] = [];

  /** `name` in lower case, without colon. `replacement` gets what stands after the colon, and gives a whole field, CRLF included. */
  constructor(name: string, replacement: (body: Uint8Array) => Uint8Array, out: (slice: Uint8Array) => void) {
    this.#name = new TextEncoder().encode(name);
    this.#replacement = replacement;
    this.#out = out;
  }

  /** Takes slices of the message in order, any cut. */
  write(slice: Uint8Array): void {
    let at = 0;
    while (at < slice.length) {
      if (this.#state === "over") return this.#out(at === 0 ? slice : slice.subarray(at));
      at = this.#state === "pass" ? this.#passLine(slice, at) : this.#read(slice, at);
    }
  }

  /** What comes next is not part of the line so far: a dot that stands on the wire only, or the end of the message. */
  flush(): void {
    if (this.#state === "next" || this.#state === "field") this.#replace();
    this.#release();
  }

  #passLine(slice: Uint8Array, at: number): number {
    const lf = slice.indexOf(LF, at);
    const end = lf === -1 ? slice.length : lf + 1;
    this.#out(slice.subarray(at, end));
    if (lf !== -1) this.#state = "name";
    return end;
  }

  /** Reads one octet; gives where the next is read. */
  #read(slice: Uint8Array, at: number): number {
    const byte = slice[at] ?? 0;
    switch (this.#state) {
      case "next":
        if (byte === SPACE || byte === TAB) this.#state = "field";
        else this.#replace();
        return at;
      case "field":
        if (this.#body.length < replacedFieldBytesMax) this.#body.push(byte);
        if (byte === LF) this.#state = "next";
        return at + 1;
      default:
        return this.#readName(byte) ? at + 1 : at;
    }
  }

  /** False: the octet does not belong to the name; it is read again. */
  #readName(byte: number): boolean {
    const known = this.#held.length;
    if (known === 0 && byte === LF) return this.#endHeader(byte);
    if (known === 1 && this.#held[0] === CR) {
      if (byte === LF) return this.#endHeader(byte);
    } else if (known === 0 && byte === CR) {
      this.#held.push(byte);
      return true;
    } else if (known < this.#name.length) {
      if (isLetterOf(byte, this.#name[known])) {
        this.#held.push(byte);
        return true;
      }
    } else if (byte === COLON) {
      this.#held = [];
      this.#state = "field";
      return true;
    } else if ((byte === SPACE || byte === TAB) && known < this.#name.length + blanksMax) {
      // RFC 5322 §4.5: blanks before the colon.
      this.#held.push(byte);
      return true;
    }
    this.#release();
    this.#state = "pass";
    return false;
  }

  #endHeader(byte: number): true {
    this.#held.push(byte);
    this.#release();
    this.#state = "over";
    return true;
  }

  #release(): void {
    if (this.#held.length > 0) this.#out(Uint8Array.from(this.#held));
    this.#held = [];
  }

  #replace(): void {
    this.#out(this.#replacement(Uint8Array.from(this.#body)));
    this.#body = [];
    this.#state = "name";
  }
}

/** Blanks before the colon that are waited for; a field with more is another one. */
const blanksMax = 64;

function isLetterOf(byte: number, wanted: number | undefined): boolean {
  return byte === wanted || (byte | lowerCaseBit) === wanted;
}
