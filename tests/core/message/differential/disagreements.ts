import { ambiguity } from "#core/message/ambiguity.ts";
import type { LeafDifference } from "./compare.ts";
import { digestOf, type Leaf } from "./leaf.ts";
import type { OurLeaf } from "./our-reader.ts";

export type ReaderName = "python" | "mailsplit";

/** What our outline calls unscannable. */
const bareCr = "a bare CR stands before a delimiter";
const emptyBoundary = "a boundary is empty or too long";

/** Where our outline says that readers disagree, and what this one makes of it. By our first reason. */
export const flagged: Readonly<Record<ReaderName, Readonly<Partial<Record<string, string>>>>> = {
  python: {
    [ambiguity.controlInHeader]: "a bare CR ends the line, two end the header; a NUL belongs to the value",
    [ambiguity.strayHeaderLine]: "the header ends there, the line is of the body",
    [ambiguity.blankHeaderLine]: "goes on the field, and keeps the blanks of an encoding",
    [ambiguity.blankBeforeColon]: "no field: the header ends there",
    [ambiguity.delimiterInHeader]: "it ends the header and the part",
    [ambiguity.duplicateField]: "the first counts",
    [ambiguity.contentType]: "as it stands, quotes and blanks included",
    [ambiguity.noBoundary]: "one part that holds the source",
    [ambiguity.severalBoundaries]:
      "the first of two; RFC 2231 forms joined; an encoded word decoded; without semicolon no multipart",
    [ambiguity.staleBoundary]: "text",
    [ambiguity.doubledDelimiter]: "one delimiter",
    [ambiguity.delimiterTail]: "no delimiter",
    [ambiguity.noPart]: "one part that holds the source",
    [ambiguity.unclosed]: "the last line break is not of the part",
    [ambiguity.transferEncoding]: "quotes, comments and blanks are of the name, so that nothing is decoded",
    [ambiguity.base64]: "padding ends the content; with a group cut short nothing is decoded",
    [ambiguity.quotedPrintable]: "blanks after a soft line break make it none",
    [ambiguity.encodedComposite]: "is not decoded",
    [bareCr]: "a delimiter",
    [emptyBoundary]: "a boundary like others",
  },
  mailsplit: {
    [ambiguity.controlInHeader]: "CR and NUL belong to the value",
    [ambiguity.strayHeaderLine]: "is passed over",
    [ambiguity.delimiterInHeader]: "the part is not told",
    [ambiguity.duplicateField]: "the first counts",
    [ambiguity.contentType]: "as it stands, without its quotes",
    [ambiguity.severalBoundaries]:
      "the first of two; RFC 2231 forms joined; an encoded word as it stands; without semicolon no multipart",
    [ambiguity.staleBoundary]: "text",
    [ambiguity.doubledDelimiter]: "one delimiter",
    [ambiguity.delimiterTail]: "no delimiter",
    [ambiguity.transferEncoding]: "quotes are of the name, comments and blanks are not",
    [ambiguity.encodedComposite]: "decoded",
    [emptyBoundary]: "no part",
  },
};

/** A disagreement about a leaf that our outline does not flag, and why that does no harm. */
export type Accepted = {
  reader: ReaderName;
  difference: LeafDifference;
  what: string;
  why: string;
  explains(ours: OurLeaf, theirs: Leaf): boolean;
};

const lineBreaks: ReadonlySet<string> = new Set([digestOf("\r\n"), digestOf("\n")]);

export const accepted: readonly Accepted[] = [
  {
    reader: "mailsplit",
    difference: "content",
    what: "takes the line break before a delimiter for content where nothing else is",
    why: "RFC 2046 §5.1.1 gives it to the delimiter; nothing can hide in a line break",
    explains: ({ content }, { digest }) => content === "" && lineBreaks.has(digest),
  },
  {
    reader: "mailsplit",
    difference: "content",
    what: "drops blanks at the ends of lines in quoted-printable",
    why: "RFC 2045 §6.7 (3) asks for it, few do it; what looks into text passes over blanks",
    explains: ({ content }, { digest }) => digest === digestOf(content.replace(/[ \t]+(?=\r?\n|$)/g, "")),
  },
  {
    reader: "mailsplit",
    difference: "type",
    what: "guesses a type that is not given from the name and the disposition",
    why: "rules see the name, and the type that is detected in the content",
    explains: ({ part }) => part.attachment,
  },
];
