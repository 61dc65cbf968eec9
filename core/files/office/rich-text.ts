import { latin1, u8 } from "../bytes-at.ts";
import type { Findings } from "../reader.ts";
import { addOleObject } from "./embedded.ts";

const [BACKSLASH, OPEN, CLOSE, MINUS, QUOTE] = [92, 123, 125, 45, 39];
/** Of a field's instruction or a template's name so much is read. Characters. */
const destinationMax = 2_048;

/** Of an open destination: what it is, at which depth of groups it began, what stands in it. */
type Destination = { kind: "object"; depth: number } | { kind: "field" | "template"; depth: number; text: string };

/**
 * Rich text as Word reads it, which takes nearly everything: control words inside hexadecimal, groups in the middle of it, raw bytes.
 * RTF 1.9.1 §"Objects", §"Fields"
 */
export function readRichText(bytes: Uint8Array, findings: Findings, depth: number): null {
  new RichText(bytes, findings, depth).read();
  return null;
}

class RichText {
  readonly #bytes: Uint8Array;
  readonly #findings: Findings;
  readonly #fileDepth: number;
  #at = 0;
  #depth = 0;
  #open: Destination | null = null;
  /** The objects one after the other: all of them have no more bytes than the file. */
  readonly #objects: Uint8Array;
  #objectAt = 0;
  #digits = 0;

  constructor(bytes: Uint8Array, findings: Findings, depth: number) {
    this.#bytes = bytes;
    this.#findings = findings;
    this.#fileDepth = depth;
    this.#objects = new Uint8Array(bytes.length);
  }

  read(): void {
    while (this.#at < this.#bytes.length) {
      const byte = u8(this.#bytes, this.#at++);
      if (byte === OPEN) this.#depth++;
      else if (byte === CLOSE) this.#closeGroup();
      else if (byte === BACKSLASH) this.#control();
      else this.#character(byte);
    }
    this.#finish();
  }

  #closeGroup(): void {
    this.#depth--;
    if (this.#open !== null && this.#depth < this.#open.depth) this.#finish();
  }

  #control(): void {
    const begin = this.#at;
    while (isLetter(u8(this.#bytes, this.#at))) this.#at++;
    if (this.#at === begin) {
      // A symbol; \\'xx is a character in hexadecimal, which is none of an object's digits.
      this.#at += u8(this.#bytes, begin) === QUOTE ? 3 : 1;
      return;
    }
    const word = latin1(this.#bytes, begin, Math.min(this.#at, begin + 32)).toLowerCase();
    const number = this.#number();
    if (u8(this.#bytes, this.#at) === 32) this.#at++;
    this.#word(word, number);
  }

  #number(): number {
    const begin = this.#at;
    if (u8(this.#bytes, this.#at) === MINUS) this.#at++;
    while (isDigit(u8(this.#bytes, this.#at))) this.#at++;
    return Number.parseInt(latin1(this.#bytes, begin, Math.min(this.#at, begin + 11)), 10) || 0;
  }

  #word(word: string, number: number): void {
    if (word === "bin") this.#raw(Math.max(0, number));
    else if (word === "objupdate" || word === "object") this.#findings.mark("embedded-object");
    else if (word === "objdata") this.#begin({ kind: "object", depth: this.#depth });
    else if (word === "fldinst") this.#begin({ kind: "field", depth: this.#depth, text: "" });
    else if (word === "template") this.#begin({ kind: "template", depth: this.#depth, text: "" });
  }

  #begin(destination: Destination): void {
    this.#finish();
    this.#open = destination;
  }

  #raw(count: number): void {
    const raw = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += raw.length;
    if (this.#open?.kind !== "object") return;
    // Half a byte before raw bytes is dropped.
    this.#digits &= ~1;
    this.#objects.set(raw, this.#objectAt + this.#digits / 2);
    this.#digits += raw.length * 2;
  }

  #character(byte: number): void {
    const open = this.#open;
    if (open === null) return;
    if (open.kind === "object") {
      const digit = hexDigit(byte);
      if (digit !== -1 && this.#depth === open.depth) this.#addDigit(digit);
    } else if (open.text.length < destinationMax) open.text += String.fromCharCode(byte);
  }

  #addDigit(digit: number): void {
    const place = this.#objectAt + (this.#digits >> 1);
    this.#objects[place] = (this.#digits & 1) === 0 ? digit << 4 : u8(this.#objects, place) | digit;
    this.#digits++;
  }

  #finish(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    if (open.kind === "object") {
      const end = this.#objectAt + (this.#digits >> 1);
      const data = this.#objects.subarray(this.#objectAt, end);
      this.#objectAt = end;
      this.#digits = 0;
      if (data.length > 0) addOleObject(data, this.#findings, this.#fileDepth);
    } else if (open.kind === "field") {
      if (/\bDDE(?:AUTO)?\b/i.test(open.text)) this.#findings.mark("dde");
    } else if (/\/\/|\\\\|[a-z]:/i.test(open.text)) this.#findings.mark("external-template");
  }
}

function isLetter(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90);
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
