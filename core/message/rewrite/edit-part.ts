import { bytesOfText, textOfBytes } from "../byte-text.ts";
import type { PlacedField } from "../header-reader.ts";
import { encodeCharset } from "./charset-encoder.ts";
import type { Edit } from "./edit.ts";
import { insertedLines } from "./inserted-text.ts";
import { fileContent, noticeContent, type PartContent, type Replacement } from "./part-content.ts";
import { insertion, notPossible, type Rewrite, removal } from "./rewrite.ts";
import { encodeQuotedPrintable } from "./transfer-encoder.ts";

/** A part as far as it can be edited; a Part of the outline is one. */
export type EditablePart = {
  /** From 1 in order of appearance. */
  readonly number: number;
  readonly form: "mime" | "uuencode" | "binhex" | "yenc";
  /** 0: its header is the message's own. */
  readonly depth: number;
  /** null: inside an encoded message or multipart; see `editableAround`. */
  readonly place: { readonly headerStart: number; readonly bodyStart: number; readonly bodyEnd: number } | null;
  readonly enclosingEncoded: number | null;
  /** Every field of its header that says how its body is read: Content-Type, -Disposition, -Transfer-Encoding and MIME-Version. */
  readonly fields: readonly PlacedField[];
  /** All readings. */
  readonly contentTypes: readonly string[];
  readonly charsets: readonly string[];
  readonly transferEncodings: readonly string[];
  readonly traits: readonly string[];
};

/** Fields of a part that are edited each for itself; a part with more loses its whole header. Nobody means to have more. */
export const fieldsEditedMax = 8;

/** The part itself where it can be edited in place, else the encoded part around it. `parts` in order of their numbers. */
export function editableAround<P extends EditablePart>(part: P, parts: readonly P[]): P | null {
  if (part.place !== null) return part;
  return part.enclosingEncoded === null ? null : (parts[part.enclosingEncoded - 1] ?? null);
}

/**
 * A notice takes the part's place. Of the part's header its Content-Type, Content-Disposition and Content-Transfer-Encoding are
 * replaced and everything else stays (Content-ID too: a multipart/related still finds its root), so that the part may be a whole message's
 * body as well. Of a file inside a text, the text's part is `around`. Called once a part.
 */
export function stripPart(part: EditablePart, notice: string, around: EditablePart | null = null): Rewrite {
  if (part.form !== "mime") return replaceTextFile(part, notice, around);
  return replaceContent(part, noticeContent(notice), `part ${part.number} taken out, a notice stands in its place`);
}

/** The same for a part that is kept in quarantine under the id, which the notice should tell. */
export function lockPart(
  part: EditablePart,
  notice: string,
  quarantineId: string,
  around: EditablePart | null = null,
): Rewrite {
  const { edits, did } = stripPart(part, notice, around);
  return edits.length === 0 ? { edits, did } : { edits, did: `${did}, kept in quarantine as ${quarantineId}` };
}

/** A file of ours takes the part's place; where the part is a file inside a text, what ours says does. */
export function replacePart(part: EditablePart, replacement: Replacement, around: EditablePart | null = null): Rewrite {
  if (part.form !== "mime") return replaceTextFile(part, new TextDecoder().decode(replacement.bytes), around);
  const did = `part ${part.number} replaced by ${replacement.bytes.length} bytes of ${replacement.contentType}`;
  return replaceContent(part, fileContent(replacement), did);
}

function replaceContent(part: EditablePart, content: PartContent, did: string): Rewrite {
  const { number, depth, place, fields } = part;
  if (place === null) return notPossible(`replacing part ${number}`, "it is inside an encoded part");
  const { headerStart, bodyStart, bodyEnd } = place;
  const body = textOfBytes(content.body);
  // A header that a delimiter follows at once may lack its empty line, or even its last line break: all of it gives way.
  if (depth > 0 && (bodyEnd <= bodyStart || fields.length > fieldsEditedMax)) {
    const end = fields.reduce((latest, field) => Math.max(latest, field.end), Math.max(bodyStart, bodyEnd));
    return { edits: [{ ...insertion(headerStart, `${content.fields}\r\n${body}`), end }], did };
  }
  const inHeader = replaceFields(part, /^content-(?:type|disposition|transfer-encoding)$/i, content.fields);
  const inBody = insertion(bodyStart, bodyEnd > bodyStart ? body : `\r\n\r\n${body}`);
  return { edits: [...inHeader, { ...inBody, end: Math.max(bodyStart, bodyEnd) }], did };
}

/**
 * The fields whose names match give way to the text, which stands where the first of them did. A message that said nothing of MIME says so
 * from now on (RFC 2045 §4).
 */
export function replaceFields({ fields, place, depth }: EditablePart, names: RegExp, text: string): Edit[] {
  const [first, ...others] = fields.filter(({ name }) => names.test(name));
  const saysMime = depth > 0 || fields.some(({ name }) => name.toLowerCase() === "mime-version");
  const anew = saysMime ? text : `MIME-Version: 1.0\r\n${text}`;
  if (first === undefined) return [{ ...insertion(place?.headerStart ?? 0, anew), until: place?.bodyEnd ?? 0 }];
  return [{ ...insertion(first.start, anew), end: first.end }, ...others.map(removal)];
}

/** The lines of the file give way to the notice's, in the charset of the text, or in ASCII where that cannot carry them. */
function replaceTextFile({ number, place }: EditablePart, notice: string, around: EditablePart | null): Rewrite {
  if (place === null) return notPossible(`taking out part ${number}`, "it is inside an encoded part");
  const text = `${insertedLines(notice).join("\r\n")}\r\n`;
  const isQuoted = around?.transferEncodings.includes("quoted-printable") === true;
  const isEightBit = isQuoted || around?.transferEncodings[0] === "8bit";
  const bytes = encodeCharset(text, isEightBit ? (around?.charsets[0] ?? "") : "") ?? bytesOfText(asciiOf(text));
  const written = isQuoted ? bytesOfText(encodeQuotedPrintable(bytes)) : bytes;
  const did = `part ${number}, a file inside a text, taken out, a notice stands in its place`;
  return { edits: [{ start: place.headerStart, end: place.bodyEnd, bytes: written }], did };
}

function asciiOf(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^\x00-\x7f]/gu, "?");
}
