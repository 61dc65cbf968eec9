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
}

/** The decoder for the encoding, or null when the content stands as it is. */
export function transferDecoder(encoding: string, decodeBase64: DecodeBase64): TransferDecoder | null {
  if (encoding === "base64") return new Base64Decoder(decodeBase64);
  if (encoding === "quoted-printable") return new QuotedPrintableDecoder();
  return null;
}

const nothing = new Uint8Array(0);

class Base64Decoder implements TransferDecoder {
  readonly #decode: DecodeBase64;
  /** Up to three digits of a group that is not complete. */
  #open = "";

  constructor(decode: DecodeBase64) {
    this.#decode = decode;
  }

  write(chunk: Uint8Array): Uint8Array {
    // Padding in the middle starts a new run in the readers that go on after it; here it is passed over.
    const text = this.#open + textOfBytes(chunk).replace(/[=_-]+/g, "");
    const bytes = this.#decode(text);
    const over = bytes.length % 3;
    // Without a byte over, one digit may be left: it gives a byte only with another.
    const digitsOver = over > 0 ? over + 1 : this.#decode(`${text}A`).length % 3;
    this.#open = lastDigits(text, digitsOver);
    return over === 0 ? bytes : bytes.subarray(0, bytes.length - over);
  }

  end(): Uint8Array {
    return this.#open === "" ? nothing : this.#decode(this.#open);
  }
}

function lastDigits(text: string, count: number): string {
  let digits = "";
  for (let at = text.length - 1; digits.length < count && at >= 0; at--) {
    const character = text[at] ?? "";
    if (/[A-Za-z0-9+/]/.test(character)) digits = character + digits;
  }
  return digits;
}

class QuotedPrintableDecoder implements TransferDecoder {
  /** A "=" and what follows it while its meaning is open: at most "=", one hex digit or blanks up to the line end. */
  #open = "";

  write(chunk: Uint8Array): Uint8Array {
    const text = this.#open + textOfBytes(chunk);
    const openFrom = /=(?:[0-9A-Fa-f]|[ \t]{0,998}\r?)?$/.exec(text)?.index ?? text.length;
    this.#open = text.slice(openFrom);
    return bytesOfText(decodeQuoted(text.slice(0, openFrom)));
  }

  end(): Uint8Array {
    return bytesOfText(this.#open);
  }
}

function decodeQuoted(text: string): string {
  return text.replace(/=(?:([0-9A-Fa-f]{2})|[ \t]{0,998}\r?\n)/g, (_, hex: string | undefined) =>
    hex === undefined ? "" : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
