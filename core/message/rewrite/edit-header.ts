import { bytesOfText } from "../byte-text.ts";
import { decodeEncodedWords } from "../encoded-word.ts";
import { type PlacedField, unfolded } from "../header-reader.ts";
import type { Edit } from "./edit.ts";
import { encodedWords, encodeField, oneLine, valueWords } from "./header-field.ts";
import { insertion, type Rewrite, removal } from "./rewrite.ts";

/** A message's own header: its fields in order, and where its empty line begins. */
export type PlacedHeader = { readonly fields: readonly PlacedField[]; readonly end: number };

/** Characters of a tag. */
const tagCharactersMax = 100;
/** RFC 2047 §2: a line with an encoded word. */
const lineMax = 76;

/** Every field of the name, in any spelling. */
export function removeFields({ fields }: PlacedHeader, name: string): Rewrite {
  const found = named(fields, name);
  const did =
    found.length === 0 ? `no ${name} to remove` : `${found.length === 1 ? "" : `${found.length} × `}${name} removed`;
  return { edits: found.map(removal), did };
}

/**
 * At the top by default: a signature of DKIM counts fields of one name from the bottom (RFC 6376 §5.4.2), and so holds still unless it
 * forbids the name.
 */
export function addField(header: PlacedHeader, name: string, value: string, at: "top" | "bottom" = "top"): Rewrite {
  return { edits: [insertion(at === "top" ? 0 : header.end, encodeField(name, value))], did: `${name} added` };
}

/** The first field of the name gets the value, others of it go; where there is none it is added. */
export function replaceField(header: PlacedHeader, name: string, value: string): Rewrite {
  const [first, ...others] = named(header.fields, name);
  if (first === undefined) return addField(header, name, value);
  const edit = { ...insertion(first.start, encodeField(first.name, value)), end: first.end };
  return { edits: [edit, ...others.map(removal)], did: `${name} replaced` };
}

/**
 * Puts the tag before every subject where it does not stand already, itself or behind reply prefixes; no byte of the subject
 * changes. A message without one gets one.
 */
export function tagSubject(header: PlacedHeader, tag: string): Rewrite {
  const text = oneLine(tag, tagCharactersMax);
  const subjects = named(header.fields, "subject");
  if (text === "") return { edits: [], did: "an empty tag is no tag" };
  if (subjects.length === 0) {
    return { edits: [insertion(0, encodeField("Subject", text))], did: `a subject added: ${text}` };
  }
  const edits = subjects.filter(({ raw }) => !isTagged(raw, text)).map((field) => tagEdit(field, text));
  return { edits, did: edits.length === 0 ? `subject has the tag ${text} already` : `subject tagged ${text}` };
}

function named(fields: readonly PlacedField[], name: string): PlacedField[] {
  const wanted = name.toLowerCase();
  return fields.filter((field) => field.name.toLowerCase() === wanted);
}

/** Behind a few prefixes only: a tag that is far from the beginning is not seen. */
function isTagged(raw: string, tag: string): boolean {
  const subject = decodeEncodedWords(unfolded(raw));
  return subject.replace(/^(?:\s*\p{L}{1,5}(?:\[\d{1,3}\])?:){0,3}\s*/u, "").startsWith(tag) || subject.startsWith(tag);
}

/** The tag goes right behind the colon; the line is folded behind it where it would become too long. */
function tagEdit({ name, raw, start, end }: PlacedField, tag: string): Edit {
  const [firstLine = ""] = raw.split("\n", 1);
  const shown = shownTag(tag, raw);
  const length = name.length + 1 + shown.length + 1 + firstLine.length;
  const isOpen = firstLine === "" || /^[ \t]/.test(firstLine);
  const tagged = ` ${shown}${length > lineMax && firstLine.trim() !== "" ? "\r\n" : ""}${isOpen ? "" : " "}`;
  const written = raw.replaceAll("\n", "\r\n");
  const isRegular = end - start === name.length + 1 + written.length + 2;
  if (isRegular) return insertion(start + name.length + 1, tagged);
  // Blanks before the colon or other line breaks than CRLF: where the value begins is not known, the same text is written anew.
  return { ...insertion(start, bytesOfText(`${name}:${tagged}${written}\r\n`)), end };
}

/** RFC 2047 §6.2: blanks between two encoded words do not count, so that the tag's must be inside of it. */
function shownTag(tag: string, raw: string): string {
  const words = valueWords(tag);
  if (words[0]?.startsWith("=?") !== true) return words.join(" ");
  return (/^\s*=\?/.test(raw) ? encodedWords(`${tag} `) : words).join("\r\n ");
}
