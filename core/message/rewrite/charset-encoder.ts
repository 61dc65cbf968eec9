import { bytesOfText } from "../byte-text.ts";

const ascii = /^[\x00-\x7f]*$/;
/** Their ASCII is not always ASCII: shifted, or two bytes a character. What is ASCII in them is so in every other charset that we know. */
const notAsciiAlways = /^(?:utf-?16|utf-?32|ucs|iso-10646|utf-?7|iso-2022|csiso2022|hz-gb|ibm|cp037|ebcdic)/i;
/** What TextDecoder takes for these is Windows-1252, of which they are a part; what they lack must not be written. */
const asciiNames = /^(?:|us-ascii|ascii|ansi_x3\.4-1968|iso646-us)$/i;
const latin1Names = /^(?:iso[-_]?8859-1|latin1|l1)$/i;
const utf8Names = /^utf-?8$/i;

export function isAscii(text: string): boolean {
  return ascii.test(text);
}

/** Whether ASCII can be put into a text of the charset anywhere. */
export function takesAscii(charset: string): boolean {
  return !notAsciiAlways.test(charset);
}

/** The text in the charset; null: it cannot be written in it. Takes those of one byte a character, and UTF-8. */
export function encodeCharset(text: string, charset: string): Uint8Array | null {
  if (!takesAscii(charset)) return null;
  if (isAscii(text)) return bytesOfText(text);
  if (utf8Names.test(charset)) return new TextEncoder().encode(text);
  if (asciiNames.test(charset)) return null;
  if (latin1Names.test(charset)) return /^[\x00-\x7f\xa0-\xff]*$/.test(text) ? bytesOfText(text) : null;
  const table = tableOf(charset);
  if (table === null) return null;
  const bytes: number[] = [];
  for (const character of text) {
    const byte = table.get(character);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** The text of bytes in a charset; null: the charset is not known, or they are none of it. */
export function decodeStrictly(bytes: Uint8Array, charset: string): string | null {
  // RFC 2046 §4.1.2: without a charset it is US-ASCII. What is not is nobody's to guess.
  if (asciiNames.test(charset)) return bytes.every((byte) => byte < 128) ? new TextDecoder().decode(bytes) : null;
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The charset's characters and their bytes; null: unknown, or some of its characters take several bytes. */
function tableOf(charset: string): ReadonlyMap<string, number> | null {
  try {
    const decoder = new TextDecoder(charset);
    if (!/^(?:windows-125|iso-8859-|koi8-|macintosh|x-mac-|ibm866)/.test(decoder.encoding)) return null;
    const all = Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte] as const);
    return new Map(all.filter(([character]) => character !== "\ufffd"));
  } catch {
    return null;
  }
}
