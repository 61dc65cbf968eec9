import { decodeCharset, decodeEightBit } from "./byte-text.ts";

const encodedWord = /=\?([^?\s]{1,60})\?([BbQq])\?([^?]{0,4000})\?=/g;

type Word = { charset: string; bytes: string };

/**
 * The text of a header value with its encoded words decoded (RFC 2047 §6.2: blanks between two of them do not count). Takes one
 * character a byte. Lenient: blanks inside a word and words inside quotes or other text are decoded too, as mail readers do.
 */
export function decodeEncodedWords(value: string): string {
  // Nearly all values are without.
  if (!value.includes("=?")) return decodeEightBit(value);
  let text = "";
  let at = 0;
  let open: Word | null = null;
  for (const match of value.matchAll(encodedWord)) {
    const between = value.slice(at, match.index);
    const word = readWord(match[1] ?? "", match[2] ?? "", match[3] ?? "");
    if (open !== null && between.trim() === "") {
      // A character may be split over two words of the same charset, against RFC 2047 §5, and often is.
      if (open.charset === word.charset) open.bytes += word.bytes;
      else {
        text += decodeCharset(open.bytes, open.charset);
        open = word;
      }
    } else {
      if (open !== null) text += decodeCharset(open.bytes, open.charset);
      text += decodeEightBit(between);
      open = word;
    }
    at = match.index + match[0].length;
  }
  if (open !== null) text += decodeCharset(open.bytes, open.charset);
  return text + decodeEightBit(value.slice(at));
}

function readWord(charsetAndLanguage: string, encoding: string, content: string): Word {
  // RFC 2231 §5: charset*language
  const charset = (charsetAndLanguage.split("*")[0] ?? "").toLowerCase();
  return { charset, bytes: encoding.toLowerCase() === "b" ? fromBase64(content) : fromQ(content) };
}

function fromQ(content: string): string {
  return content
    .replaceAll("_", " ")
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Base64 as one character a byte; whatever is not of the alphabet is passed over (RFC 2045 §6.8). */
export function fromBase64(content: string): string {
  const digits = content.replace(/[^A-Za-z0-9+/]/g, "");
  const usable = digits.length % 4 === 1 ? digits.slice(0, -1) : digits;
  return atob(usable);
}
