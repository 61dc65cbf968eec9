import { readingsMax, textBytesMax } from "./text-limits.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const utf7Names = /^(?:x-)?(?:unicode-[12]-[01]-|cs(?:unicode11)?)?utf-?7$/;
const metaCharset = /<meta[^>]{0,200}?charset\s{0,8}=\s{0,8}["']?([\w.:-]{1,40})/i;
/** The WHATWG encoding standard looks for a declaration in this many bytes of an HTML document. */
const metaBytesMax = 1024;
/** Bytes that tell whether text without a byte order mark is UTF-16. */
const sniffBytesMax = 2048;

export type DecodedText = {
  /** What readers of mail would show, the most likely first; usually one. Without byte order mark. */
  readings: string[];
  /** The text is longer than `textBytesMax`, and its rest was not looked at. */
  truncated: boolean;
};

/**
 * Text from the decoded bytes of a part. `charsets`: every reading of its charset parameter, none when there is none; an HTML
 * document may name its own. Names that disagree, a byte order mark that disagrees, UTF-7 (which some readers know and others do not)
 * and 8-bit text that is valid UTF-8 under another name all add a reading.
 */
export function decodeText(bytes: Uint8Array, charsets: readonly string[], html = false): DecodedText {
  const looked = bytes.subarray(0, textBytesMax);
  const names = new Set<string>();
  const byMark = charsetOfMark(looked);
  if (byMark !== null) names.add(byMark);
  for (const charset of charsets) names.add(charset.trim().toLowerCase());
  if (html) {
    const own = metaCharset.exec(latin1(looked.subarray(0, metaBytesMax)))?.[1];
    if (own !== undefined) names.add(own.toLowerCase());
  }
  const readings = new Set<string>();
  for (const name of [...names].slice(0, readingsMax)) {
    for (const text of decodeAs(looked, name)) readings.add(text);
  }
  for (const text of guesses(looked, readings.size === 0, names)) readings.add(text);
  return {
    readings: [...readings].slice(0, readingsMax),
    truncated: bytes.length > textBytesMax || names.size > readingsMax || readings.size > readingsMax,
  };
}

/** One reading; two for UTF-7; none when no reader knows the name. */
function decodeAs(bytes: Uint8Array, name: string): string[] {
  if (utf7Names.test(name)) return [decodeUtf7(latin1(bytes)), latin1(bytes)];
  try {
    return [new TextDecoder(name).decode(bytes)];
  } catch {
    return [];
  }
}

/** What readers make of text whose declared charset does not help, or helps but is not what the bytes look like. */
function* guesses(bytes: Uint8Array, nothingDeclared: boolean, names: ReadonlySet<string>): Iterable<string> {
  const wide = utf16WithoutMark(bytes);
  if (wide !== null && !names.has(wide)) yield new TextDecoder(wide).decode(bytes);
  const text = strictUtf8(bytes);
  // 7-bit text is the same in nearly every charset but UTF-16, and escapes (ISO-2022-JP) are told by name only.
  const wideNamed = [...names].some((name) => name.startsWith("utf-16"));
  if (text !== null && (nothingDeclared || wideNamed || text.length !== bytes.length)) yield text;
  else if (text === null && nothingDeclared) yield latin1(bytes);
}

function strictUtf8(bytes: Uint8Array): string | null {
  try {
    // The cap may have cut the last character.
    return utf8.decode(bytes.length === textBytesMax ? withoutCutCharacter(bytes) : bytes);
  } catch {
    return null;
  }
}

function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
    if (byte < 0x80) break;
  }
  return bytes;
}

function charsetOfMark(bytes: Uint8Array): string | null {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return null;
}

/** Western text in UTF-16 has a zero in nearly every other byte; nothing else has. */
function utf16WithoutMark(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  const looked = Math.min(bytes.length, sniffBytesMax) & ~1;
  if (looked < 4) return null;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < looked; at += 2) {
    if (bytes[at] === 0) even++;
    if (bytes[at + 1] === 0) odd++;
  }
  const most = (looked / 2) * 0.7;
  if (odd >= most && even < odd / 4) return "utf-16le";
  return even >= most && odd < even / 4 ? "utf-16be" : null;
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("windows-1252").decode(bytes);
}

/** RFC 2152: base64 of UTF-16BE between "+" and "-" or whatever is no base64 digit; "+-" is a plus. */
function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (shifted, digits: string) => {
    if (digits === "") return shifted === "+-" ? "+" : shifted;
    const bytes = atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
    let decoded = "";
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      decoded += String.fromCharCode((bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1));
    }
    return decoded;
  });
}
