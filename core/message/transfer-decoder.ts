import { bytesOfText, textOfBytes } from "./byte-text.ts";
import { fromBase64 } from "./encoded-word.ts";

/** Undoes a content transfer encoding of a stream, any cut (RFC 2045 §6.7, §6.8). */
export interface TransferDecoder {
  write(chunk: Uint8Array): Uint8Array;
}

/** The decoder for the encoding, or null when the content stands as it is. */
export function transferDecoder(encoding: string): TransferDecoder | null {
  if (encoding === "base64") return new Base64Decoder();
  if (encoding === "quoted-printable") return new QuotedPrintableDecoder();
  return null;
}

class Base64Decoder implements TransferDecoder {
  #digits = "";

  write(chunk: Uint8Array): Uint8Array {
    // Padding in the middle starts a new run in the readers that go on after it; here it is passed over.
    const digits = this.#digits + textOfBytes(chunk).replace(/[^A-Za-z0-9+/]/g, "");
    const whole = digits.length - (digits.length % 4);
    this.#digits = digits.slice(whole);
    return bytesOfText(fromBase64(digits.slice(0, whole)));
  }
}

class QuotedPrintableDecoder implements TransferDecoder {
  /** A "=" and what follows it while its meaning is open: at most "=", one hex digit or blanks up to the line end. */
  #open = "";

  write(chunk: Uint8Array): Uint8Array {
    const text = this.#open + textOfBytes(chunk);
    const openFrom = /=(?:[0-9A-Fa-f]|[ \t]{0,998}\r?)?$/.exec(text)?.index ?? text.length;
    this.#open = text.slice(openFrom);
    const decoded = text
      .slice(0, openFrom)
      .replace(/=(?:([0-9A-Fa-f]{2})|[ \t]{0,998}\r?\n)/g, (_, hex: string | undefined) =>
        hex === undefined ? "" : String.fromCharCode(Number.parseInt(hex, 16)),
      );
    return bytesOfText(decoded);
  }
}
