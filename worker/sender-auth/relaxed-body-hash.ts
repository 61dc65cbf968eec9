import { createHash } from "node:crypto";
import type { BodyHash } from "mailauth/lib/dkim/body/index.js";

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;

const breaksAtOnce = 512;
const manyBreaks = Buffer.from("\r\n".repeat(breaksAtOnce), "latin1");

/** Where canonical octets are put together: of one piece of one body at a time, so all bodies share it. It grows to twice the largest piece. */
let room = new Uint8Array(0);

/**
 * SHA-256 of a body in its relaxed form (RFC 6376 §3.4.4): what mailauth computes, two to three times as fast, since nothing else that is
 * done with a message costs as much. `bytesMax`: the value of l=, or null.
 */
export class RelaxedBodyHash implements BodyHash {
  canonicalizedLength = 0;
  bodyHashedBytes = 0;
  readonly #hash = createHash("sha256");
  readonly #bytesMax: number;
  /** Octets in `room`; 0 between two calls. */
  #size = 0;
  /** Line ends that count only if something comes after them. */
  #breaks = 0;

  constructor(bytesMax: number | null) {
    this.#bytesMax = bytesMax ?? Number.POSITIVE_INFINITY;
  }

  /** Whole lines, but for the last of the body. */
  update(lines: Uint8Array): void {
    // A bare LF becomes two octets, and the line end from before comes in front.
    const sizeMax = 2 * lines.length + 2;
    if (room.length < sizeMax) room = new Uint8Array(sizeMax);
    const blanks = new NextBlank(lines);
    let plainFrom = 0;
    let at = 0;
    while (at < lines.length) {
      const lf = lines.indexOf(LF, at);
      const end = lf === -1 ? lines.length : lf + 1;
      const isPlain = lf > at + 1 && lines[lf - 1] === CR && !hasFlaw(lines, blanks.from(at), lf);
      if (!isPlain) {
        this.#writePlain(lines, plainFrom, at);
        this.#writeLine(lines, at, end);
        plainFrom = end;
      }
      at = end;
    }
    this.#writePlain(lines, plainFrom, at);
    this.#flush();
  }

  digest(encoding: "base64"): string {
    if (this.canonicalizedLength > 0) this.#take(manyBreaks.subarray(0, 2));
    return this.#hash.digest(encoding);
  }

  getMimeStructureStart(): number {
    return 0;
  }

  /** Lines that have text, CRLF and single blanks only: they are canonical as they are. */
  #writePlain(lines: Uint8Array, from: number, to: number): void {
    if (from === to) return;
    this.#writeBreaks();
    room.set(lines.subarray(from, to - 2), this.#size);
    this.#size += to - 2 - from;
    this.#breaks = 1;
  }

  #writeLine(lines: Uint8Array, from: number, to: number): void {
    let hasBlank = false;
    for (let at = from; at < to; at++) {
      const byte = lines[at] ?? 0;
      if (byte === SPACE || byte === TAB) hasBlank = true;
      else if (byte === LF) this.#breaks++;
      else if (byte !== CR || lines[at + 1] !== LF) {
        if (this.#breaks > 0) this.#writeBreaks();
        if (hasBlank) room[this.#size++] = SPACE;
        hasBlank = false;
        room[this.#size++] = byte;
      }
    }
  }

  #writeBreaks(): void {
    if (this.#breaks === 1) {
      room[this.#size++] = CR;
      room[this.#size++] = LF;
    } else if (this.#breaks > 1) {
      // They may be of many pieces, and more than there is room for.
      this.#flush();
      for (let left = this.#breaks; left > 0; left -= breaksAtOnce) {
        this.#take(manyBreaks.subarray(0, 2 * Math.min(left, breaksAtOnce)));
      }
    }
    this.#breaks = 0;
  }

  #flush(): void {
    this.#take(room.subarray(0, this.#size));
    this.#size = 0;
  }

  #take(bytes: Uint8Array): void {
    this.canonicalizedLength += bytes.length;
    const taken = bytes.subarray(0, Math.max(0, this.#bytesMax - this.bodyHashedBytes));
    this.bodyHashedBytes += taken.length;
    if (taken.length > 0) this.#hash.update(taken);
  }
}

/** Whether a line that has its first blank at `from`, perhaps behind its end, has one that its relaxed form has not. */
function hasFlaw(lines: Uint8Array, from: number, lf: number): boolean {
  for (let at = from; at < lf; at++) {
    const byte = lines[at];
    if (byte === TAB) return true;
    if (byte === SPACE && (lines[at + 1] === SPACE || lines[at + 1] === CR)) return true;
  }
  return false;
}

/** Where the next blank is; asked for places that only grow, each octet is looked at twice. */
class NextBlank {
  readonly #bytes: Uint8Array;
  #space = -1;
  #tab = -1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  from(at: number): number {
    if (this.#space < at) this.#space = this.#find(SPACE, at);
    if (this.#tab < at) this.#tab = this.#find(TAB, at);
    return Math.min(this.#space, this.#tab);
  }

  #find(byte: number, at: number): number {
    const found = this.#bytes.indexOf(byte, at);
    return found === -1 ? Number.POSITIVE_INFINITY : found;
  }
}
