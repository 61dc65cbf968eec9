import { type Ambiguity, ambiguity } from "./ambiguity.ts";
import { bytesOfText, textOfBytes } from "./byte-text.ts";
import { fromBase64 } from "./encoded-word.ts";

/**
 * Base64 text to bytes, passing over what is not of the alphabet; a last group that is not complete gives its whole bytes. No "=",
 * "-" or "_" is in the text. Passed in because Node's is many times faster than what a pure library has.
 */
export type DecodeBase64 = (text: string) => Uint8Array;

/** For where speed does not count. */
export const decodeBase64Portably: DecodeBase64 = (text) => bytesOfText(fromBase64(text));

/** Undoes a content transfer encoding of a stream, any cut (RFC 2045 §6.7, §6.8). */
export interface TransferDecoder {
  write(chunk: Uint8Array): Uint8Array;
  /** What was left of the last group. */
  end(): Uint8Array;
  /** What of it mail readers decode in several ways; complete after `end`. */
  readonly ambiguity: Ambiguity | null;
}

/** The decoder for the encoding, or null when the content stands as it is. */
export function transferDecoder(encoding: string, decodeBase64: DecodeBase64): TransferDecoder | null {
  if (encoding === "base64") return new Base64Decoder(decodeBase64);
  if (encoding === "quoted-printable") return new QuotedPrintableDecoder();
  return null;
}

const nothing = new Uint8Array(0);

const digit = /[A-Za-z0-9+/]/;

/** After padding a new run of digits begins, as in the readers that go on there. */
class Base64Decoder implements TransferDecoder {
  readonly #decode: DecodeBase64;
  /** Up to three digits of a group that is not complete. */
  #open = "";
  /** "=" that the last group still needs, and whether one has stood since the last digit. */
  #paddingDue = 0;
  #isPadded = false;
  #isOdd = false;

  constructor(decode: DecodeBase64) {
    this.#decode = decode;
  }

  get ambiguity(): Ambiguity | null {
    return this.#isOdd ? ambiguity.base64 : null;
  }

  write(chunk: Uint8Array): Uint8Array {
    let text = textOfBytes(chunk);
    if (text.includes("-") || text.includes("_")) {
      this.#isOdd = true;
      text = text.replace(/[-_]+/g, "");
    }
    if (!text.includes("=")) return this.#run(text);
    const pieces: Uint8Array[] = [];
    for (const piece of text.split(/(=+)/)) {
      pieces.push(piece.startsWith("=") ? this.#pad(piece.length) : this.#run(piece));
    }
    return joined(pieces);
  }

  end(): Uint8Array {
    if (this.#open !== "" || this.#paddingDue > 0) this.#isOdd = true;
    return this.#open === "" ? nothing : this.#decode(this.#open);
  }

  #run(digits: string): Uint8Array {
    if (this.#isPadded) {
      if (!digit.test(digits)) return nothing;
      this.#isOdd = true;
      this.#isPadded = false;
      this.#paddingDue = 0;
    }
    if (digits === "") return nothing;
    const text = this.#open + digits;
    const bytes = this.#decode(text);
    const digitsOver = text.length <= shortRun ? countDigits(text) % 4 : this.#digitsOver(text, bytes.length);
    this.#open = lastDigits(text, digitsOver);
    return digitsOver < 2 ? bytes : bytes.subarray(0, bytes.length - (digitsOver - 1));
  }

  /** Of a long run: whole groups are three bytes each; one digit over gives a byte only with another. */
  #digitsOver(text: string, bytes: number): number {
    const over = bytes % 3;
    return over > 0 ? over + 1 : this.#decode(`${text}A`).length % 3;
  }

  /** So many "=" on end. */
  #pad(count: number): Uint8Array {
    if (this.#isPadded) {
      this.#paddingDue = Math.max(0, this.#paddingDue - count);
      return nothing;
    }
    this.#isPadded = true;
    this.#paddingDue = this.#open === "" ? 0 : Math.max(0, 4 - this.#open.length - count);
    const bytes = this.#open === "" ? nothing : this.#decode(this.#open);
    this.#open = "";
    return bytes;
  }
}

/** Characters whose digits are counted one by one. */
const shortRun = 256;

function countDigits(text: string): number {
  let count = 0;
  for (const character of text) if (digit.test(character)) count++;
  return count;
}

function lastDigits(text: string, count: number): string {
  let digits = "";
  for (let at = text.length - 1; digits.length < count && at >= 0; at--) {
    const character = text[at] ?? "";
    if (digit.test(character)) digits = character + digits;
  }
  return digits;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A "=" and what follows it while its meaning is open: one hex digit or blanks up to the line end. */
const openEscape = /=(?:[0-9A-Fa-f]|[ \t]{0,998}\r?)?$/;
/** Every "="; what is not matched further is none. */
const escape = /=(?:([0-9A-Fa-f]{2})|([ \t]{0,998})\r?\n)?/g;

class QuotedPrintableDecoder implements TransferDecoder {
  #open = "";
  #isOdd = false;

  get ambiguity(): Ambiguity | null {
    return this.#isOdd ? ambiguity.quotedPrintable : null;
  }

  write(chunk: Uint8Array): Uint8Array {
    const text = this.#open + textOfBytes(chunk);
    const openFrom = openEscape.exec(text)?.index ?? text.length;
    this.#open = text.slice(openFrom);
    return bytesOfText(this.#decoded(text.slice(0, openFrom)));
  }

  end(): Uint8Array {
    if (this.#open !== "") this.#isOdd = true;
    return bytesOfText(this.#open);
  }

  #decoded(text: string): string {
    return text.replace(escape, (written, hex: string | undefined, blanks: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (blanks !== "") this.#isOdd = true;
      return blanks === undefined ? written : "";
    });
  }
}
