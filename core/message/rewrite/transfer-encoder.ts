import { textOfBytes } from "../byte-text.ts";

const CR = 13;
const LF = 10;
const TAB = 9;
const SPACE = 32;
const EQUALS = 61;
const DASH = 45;
const TILDE = 126;
/** RFC 2045 §6.7 (5), without the "=" of a soft line break. */
const lineMax = 75;
const hex = "0123456789ABCDEF";

/**
 * Quoted-printable (RFC 2045 §6.7). CRLF is a line break, every other control character is escaped, and so is a "-" that begins a
 * line: no line of it can be a delimiter of a multipart, and none begins with "From ".
 */
export function encodeQuotedPrintable(bytes: Uint8Array): string {
  let text = "";
  let line = "";
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === CR && bytes[at + 1] === LF) {
      text += `${line}\r\n`;
      line = "";
      at++;
      continue;
    }
    const piece = mustBeEscaped(bytes, at, line === "") ? escaped(byte) : String.fromCharCode(byte);
    if (line.length + piece.length > lineMax) {
      text += `${line}=\r\n`;
      line = mustBeEscaped(bytes, at, true) ? escaped(byte) : piece;
    } else line += piece;
  }
  return text + line;
}

function mustBeEscaped(bytes: Uint8Array, at: number, beginsLine: boolean): boolean {
  const byte = bytes[at] ?? 0;
  if (byte === SPACE || byte === TAB) {
    const next = bytes[at + 1];
    return next === undefined || (next === CR && bytes[at + 2] === LF);
  }
  if (beginsLine && (byte === DASH || byte === 0x46)) return true;
  return byte < SPACE || byte > TILDE || byte === EQUALS;
}

function escaped(byte: number): string {
  return `=${hex[byte >> 4]}${hex[byte & 15]}`;
}

/** Base64 in lines of 76 characters (RFC 2045 §6.8), each with its CRLF. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  // 57 bytes are 76 characters.
  for (let at = 0; at < bytes.length; at += 57) text += `${btoa(textOfBytes(bytes.subarray(at, at + 57)))}\r\n`;
  return text;
}

/**
 * Where in the quoted-printable text the decoded byte of the index is written; the end of the text for one behind the last. Reads as
 * transfer-decoder.ts does.
 */
export function encodedOffset(body: Uint8Array, index: number): number {
  let decoded = 0;
  let at = 0;
  while (at < body.length) {
    const soft = softBreak(body, at);
    if (soft > 0) {
      at += soft;
      continue;
    }
    if (decoded === index) return at;
    decoded++;
    at += body[at] === EQUALS && isHex(body[at + 1]) && isHex(body[at + 2]) ? 3 : 1;
  }
  return at;
}

/** The length of the soft line break at the offset, else 0. */
function softBreak(body: Uint8Array, from: number): number {
  if (body[from] !== EQUALS) return 0;
  let at = from + 1;
  while ((body[at] === SPACE || body[at] === TAB) && at - from <= 998) at++;
  if (body[at] === CR) at++;
  return body[at] === LF ? at + 1 - from : 0;
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && /[0-9A-Fa-f]/.test(String.fromCharCode(byte));
}
