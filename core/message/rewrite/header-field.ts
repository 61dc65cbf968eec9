/** RFC 2047 §2: characters of an encoded word. */
const encodedWordMax = 75;
/** Characters of a line that holds encoded words (RFC 2047 §2), and of those that we write without. */
const lineMax = 76;
/** A word without blanks longer than this is encoded, so that it can be folded. Characters; a line takes 998 (RFC 5322 §2.1.1). */
const wordMax = 900;
/** Characters of an inserted value; the rest is cut off. */
export const insertedValueCharactersMax = 2_000;
/** Characters of an inserted file name. */
export const insertedNameCharactersMax = 200;

const encoder = new TextEncoder();

/** One line of text: control characters and line ends become blanks, blanks are single, none at the ends, cut to the length. */
export function oneLine(text: string, charactersMax: number): string {
  const clean = text
    .slice(0, 2 * charactersMax)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  return clean.slice(0, charactersMax).toWellFormed().trimEnd();
}

/**
 * A whole field with its line break (RFC 5322 §2.2) of an unstructured value. What is not ASCII, or would read as an encoded word, goes
 * as encoded words of UTF-8 (RFC 2047). Whatever the value is, it makes one field. `name` is printable ASCII without colon.
 */
export function encodeField(name: string, value: string): string {
  if (!/^[\x21-\x39\x3b-\x7e]{1,76}$/.test(name)) throw new RangeError("no name of a header field");
  return `${folded(`${name}:`, valueWords(oneLine(value, insertedValueCharactersMax)))}\r\n`;
}

/** Words to be parted by blanks or folds: the text's own, or encoded words. */
export function valueWords(text: string): string[] {
  const words = text.split(" ").filter((word) => word !== "");
  const plain = /^[\x20-\x7e]*$/.test(text) && !text.includes("=?") && words.every(({ length }) => length <= wordMax);
  return plain ? words : encodedWords(text);
}

function folded(name: string, words: readonly string[]): string {
  let field = "";
  let line = name;
  for (const word of words) {
    if (line.length + 1 + word.length > lineMax) {
      field += `${line}\r\n`;
      line = "";
    }
    line += ` ${word}`;
  }
  return field + line;
}

/** RFC 2047: whole characters in each word (§5), in the form that is shorter. */
export function encodedWords(text: string): string[] {
  const others = text.replace(/[\x20-\x7e]/g, "").length;
  const [start, encode] =
    others * 3 > text.length ? (["=?utf-8?B?", base64] as const) : (["=?utf-8?Q?", quoted] as const);
  const words: string[] = [];
  let held = "";
  for (const character of text) {
    if (held !== "" && start.length + encode(held + character).length + 2 > encodedWordMax) {
      words.push(`${start}${encode(held)}?=`);
      held = "";
    }
    held += character;
  }
  if (held !== "") words.push(`${start}${encode(held)}?=`);
  return words;
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...encoder.encode(text)));
}

/** RFC 2047 §4.2, with the characters that any place allows (§5 (3)). */
function quoted(text: string): string {
  return Array.from(encoder.encode(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (character === " ") return "_";
    return /[A-Za-z0-9!*+\-/]/.test(character) ? character : `=${hexOf(byte)}`;
  }).join("");
}

/** A file name that shows what it is: one line without path, control, format and invisible characters. */
export function cleanFileName(name: string): string {
  const visible = name.replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}/\\:]+/gu, "_");
  return oneLine(visible, insertedNameCharactersMax) || "attachment";
}

/** `; name=value` on lines of its own: quoted, or by RFC 2231 in UTF-8 where it is long or not ASCII. */
export function encodeParameter(name: string, value: string): string {
  if (/^[\x20\x21\x23-\x5b\x5d-\x7e]{0,60}$/.test(value) && !value.includes("=?")) return `;\r\n ${name}="${value}"`;
  // RFC 2231 §4.1: segments, all of them extended; the charset stands in the first.
  const segments = [""];
  for (const byte of encoder.encode(value)) {
    const character = String.fromCharCode(byte);
    const piece = /[A-Za-z0-9.\-_]/.test(character) ? character : `%${hexOf(byte)}`;
    if ((segments.at(-1) ?? "").length + piece.length > 50) segments.push("");
    segments.push(`${segments.pop() ?? ""}${piece}`);
  }
  const charset = "utf-8''";
  if (segments.length === 1) return `;\r\n ${name}*=${charset}${segments[0]}`;
  return segments.map((segment, n) => `;\r\n ${name}*${n}*=${n === 0 ? charset : ""}${segment}`).join("");
}

function hexOf(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
