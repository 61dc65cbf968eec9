import { bytesOfText, textOfBytes } from "../byte-text.ts";
import { unfolded } from "../header-reader.ts";
import { readParameters } from "../parameters.ts";
import { type DecodeBase64, decodeBase64Portably, transferDecoder } from "../transfer-decoder.ts";
import { shownAs } from "./banner-parts.ts";
import { decodeStrictly, encodeCharset, takesAscii } from "./charset-encoder.ts";
import type { Edit } from "./edit.ts";
import { type EditablePart, replaceFields } from "./edit-part.ts";
import { htmlBottom, htmlTop } from "./html-body.ts";
import { insertedLines } from "./inserted-text.ts";
import { insertion, notPossible, type Rewrite } from "./rewrite.ts";
import { encodeBase64, encodedOffset, encodeQuotedPrintable } from "./transfer-encoder.ts";

const LF = 10;
const TAB = 9;
const SPACE = 32;

/** A disclaimer or a warning, in both forms. */
export type Banner = { readonly text: string; readonly html: string; readonly at: "top" | "bottom" };

/** Raw bytes of a body part that a banner is put into; a larger one stays as it is. */
export const bannerPartBytesMax = 4_194_304;
/** Characters of a line of HTML; as numbers each of them takes up to ten bytes. */
const htmlLineMax = 90;

type Text = {
  isHtml: boolean;
  charsets: readonly string[];
  encoding: "identity" | "quoted-printable" | "base64";
  isFlowed: boolean;
};

/**
 * Puts a banner into a part that is shown as text, in its own charset and transfer encoding. `body`: its bytes as they stand in the
 * message. Text that the charset or the seven bits of the part cannot carry makes the whole part UTF-8; HTML is always carried by ASCII.
 */
export function insertBanner(
  part: EditablePart,
  body: Uint8Array,
  banner: Banner,
  decodeBase64: DecodeBase64 = decodeBase64Portably,
): Rewrite {
  const what = `banner in part ${part.number}`;
  const { place } = part;
  if (place === null) return notPossible(what, "it is inside an encoded part");
  if (body.length > bannerPartBytesMax) return notPossible(what, `it is larger than ${bannerPartBytesMax} bytes`);
  const text = readText(part);
  if (typeof text === "string") return notPossible(what, text);
  const content = decoded(body, text.encoding, decodeBase64);
  const did = `banner put at the ${banner.at} of part ${part.number} (${text.isHtml ? "text/html" : "text/plain"})`;
  const edit = insertInPlace(text, body, content, banner);
  if (edit !== null) return { edits: [moved(edit, place.bodyStart)], did };
  const anew = writeAnew(text, content, banner);
  if (anew === null) return notPossible(what, `its charset ${text.charsets.join(" or ") || "us-ascii"} cannot be read`);
  const whole = { start: place.bodyStart, end: place.bodyStart + body.length, bytes: anew.body };
  return {
    edits: [...replaceFields(part, /^content-(?:type|transfer-encoding)$/i, anew.fields), whole],
    did: `${did}, which is UTF-8 now`,
  };
}

/** What the part is, or why no banner can be put into it. */
function readText({ contentTypes, charsets, transferEncodings, fields, traits }: EditablePart): Text | string {
  const protection = traits.find((trait) => trait === "signed" || trait === "encrypted");
  if (protection !== undefined) return `it is ${protection}`;
  const type = shownAs(contentTypes);
  if (type === null) return `it is ${contentTypes.join(" or ")}`;
  const [encoding, ...others] = new Set(
    [...transferEncodings, ...(transferEncodings.length === 0 ? ["7bit"] : [])].map((name) => encodings.get(name)),
  );
  if (encoding === undefined || others.length > 0) return `its encoding is ${transferEncodings.join(" or ")}`;
  const contentType = fields.find(({ name }) => name.toLowerCase() === "content-type");
  const { parameters } = readParameters(unfolded(contentType?.raw ?? ""));
  const isFlowed = [...(parameters.get("format") ?? [])].some((format) => format.toLowerCase() === "flowed");
  return { isHtml: type === "text/html", charsets, encoding, isFlowed };
}

const encodings: ReadonlyMap<string, Text["encoding"]> = new Map([
  ["", "identity"],
  ["7bit", "identity"],
  ["8bit", "identity"],
  ["binary", "identity"],
  ["quoted-printable", "quoted-printable"],
  ["base64", "base64"],
]);

function decoded(body: Uint8Array, encoding: string, decodeBase64: DecodeBase64): Uint8Array {
  const decoder = transferDecoder(encoding, decodeBase64);
  return decoder === null ? body : concatenated(decoder.write(body), decoder.end());
}

/** The edit within the body; null: the part cannot carry the banner as it is. */
function insertInPlace(text: Text, body: Uint8Array, content: Uint8Array, banner: Banner): Edit | null {
  if (!text.charsets.every(takesAscii)) return null;
  const latin = text.isHtml ? textOfBytes(content) : "";
  const at = text.isHtml ? htmlPlace(latin, banner) : plainPlace(content, banner);
  const bytes = encodeCharset(shown(text, banner, content.length === 0 || content.at(-1) === LF), charsetOf(text));
  if (bytes === null) return null;
  if (text.encoding === "base64") {
    const whole = concatenated(content.subarray(0, at), bytes, content.subarray(at));
    return { start: 0, end: body.length, bytes: bytesOfText(encodeBase64(whole)) };
  }
  if (text.encoding === "identity") {
    return hasEightBit(bytes) && !hasEightBit(content) ? null : insertion(at, bytes);
  }
  const offset = encodedOffset(body, at);
  // RFC 2045 §6.7 (3): a blank before a line break would not count.
  const before = body[offset - 1];
  const guard = before === SPACE || before === TAB ? "=\r\n" : "";
  return insertion(offset, `${guard}${encodeQuotedPrintable(bytes)}`);
}

/** Of several readings none is to be trusted: what is inserted is the ASCII that they share. */
function charsetOf({ charsets }: Text): string {
  return charsets.length === 1 ? (charsets[0] ?? "") : "";
}

/** The part with the banner as UTF-8; null: it cannot be decoded without loss. */
function writeAnew(text: Text, content: Uint8Array, banner: Banner): { fields: string; body: Uint8Array } | null {
  const old = text.charsets.length > 1 ? null : decodeStrictly(content, charsetOf(text));
  if (old === null) return null;
  const bottom = banner.at === "top" ? 0 : old.length;
  const at = text.isHtml ? htmlPlace(old, banner) : bottom;
  const whole = `${old.slice(0, at)}${shown(text, banner, old === "" || old.endsWith("\n"))}${old.slice(at)}`;
  const bytes = new TextEncoder().encode(whole);
  const encoding = text.encoding === "base64" ? "base64" : "quoted-printable";
  const fields = [
    `Content-Type: ${text.isHtml ? "text/html" : "text/plain"}; charset=utf-8${text.isFlowed ? "; format=flowed" : ""}`,
    `Content-Transfer-Encoding: ${encoding}`,
    "",
  ];
  const body = encoding === "base64" ? encodeBase64(bytes) : encodeQuotedPrintable(bytes);
  return { fields: fields.join("\r\n"), body: bytesOfText(body) };
}

function htmlPlace(html: string, { at }: Banner): number {
  return at === "top" ? htmlTop(html) : htmlBottom(html);
}

function plainPlace(content: Uint8Array, { at }: Banner): number {
  if (at === "bottom") return content.length;
  const hasMark = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf;
  return hasMark ? 3 : 0;
}

/** The banner as it is inserted, with its line breaks. `closed`: what stands before it ends its line. */
function shown({ isHtml, isFlowed }: Text, { text, html, at }: Banner, closed: boolean): string {
  if (isHtml) return `\r\n${insertedLines(html, htmlLineMax).map(inAscii).join("\r\n")}\r\n`;
  // RFC 3676 §4.4: a line that begins so is stuffed with a blank; none of ours flows, for none ends in one.
  const lines = insertedLines(text).map((line) => (isFlowed && /^[ >]/.test(line) ? ` ${line}` : line));
  if (at === "top") return `${lines.join("\r\n")}\r\n\r\n`;
  return `${closed ? "" : "\r\n"}\r\n${lines.join("\r\n")}\r\n`;
}

function inAscii(line: string): string {
  return line.replace(/[^\x00-\x7f]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function moved({ start, end, bytes }: Edit, by: number): Edit {
  return { start: start + by, end: end + by, bytes };
}

function hasEightBit(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte > 127);
}

function concatenated(...slices: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(slices.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const slice of slices) {
    whole.set(slice, at);
    at += slice.length;
  }
  return whole;
}
