const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
/** Never throws: that would cost more than all the rest where bytes are not text. */
const lenientUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const windows1252 = new TextDecoder("windows-1252");
const applyMax = 8192;

/** Bytes as text with one character a byte, so that nothing is lost or joined. */
export function textOfBytes(bytes: Uint8Array): string {
  const ascii = asciiText(bytes);
  if (ascii !== null) return ascii;
  let text = "";
  for (let at = 0; at < bytes.length; at += applyMax) {
    text += String.fromCharCode(...bytes.subarray(at, at + applyMax));
  }
  return text;
}

/** Most lines are ASCII, where UTF-8 is one character a byte as well and decoded natively. null: it is none. */
function asciiText(bytes: Uint8Array): string | null {
  const text = lenientUtf8.decode(bytes);
  return text.length === bytes.length && !text.includes("\ufffd") ? text : null;
}

/** The inverse of textOfBytes; characters above 255 are cut to their low byte. */
export function bytesOfText(text: string): Uint8Array {
  const ascii = encoder.encode(text);
  if (ascii.length === text.length) return ascii;
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Whether text of one character a byte is UTF-8. */
export function isUtf8(text: string): boolean {
  if (!/[\x80-\xff]/.test(text)) return true;
  try {
    utf8.decode(bytesOfText(text));
    return true;
  } catch {
    return false;
  }
}

/** Decodes 8-bit text as UTF-8 where it is that (RFC 6532 §3.2), else as Windows-1252, which is what undeclared text most often is. */
export function decodeEightBit(text: string): string {
  if (!/[\x80-\xff]/.test(text)) return text;
  const bytes = bytesOfText(text);
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

/** Decodes with a charset that a message names; unknown names and bad bytes fall back to decodeEightBit. */
export function decodeCharset(bytes: string, charset: string): string {
  const decoder = decoderOf(charset.trim().toLowerCase());
  return decoder === null ? decodeEightBit(bytes) : decoder.decode(bytesOfText(bytes));
}

/** By name; null: no such charset. A header can name one in every ten bytes, and making a decoder or failing to costs much more. */
const decoders = new Map<string, TextDecoder | null>();
const decodersMax = 200;

function decoderOf(charset: string): TextDecoder | null {
  const known = decoders.get(charset);
  if (known !== undefined) return known;
  const decoder = makeDecoder(charset);
  if (decoders.size === decodersMax) decoders.clear();
  decoders.set(charset, decoder);
  return decoder;
}

function makeDecoder(charset: string): TextDecoder | null {
  try {
    return new TextDecoder(charset);
  } catch {
    return null;
  }
}

/** Undoes %XX (RFC 2231 §4, RFC 3986 §2.1) into one character a byte; what is no escape stays. */
export function percentDecoded(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
