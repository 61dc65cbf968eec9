import type { FileType } from "./file-types.ts";
import { decisive, htmlBeginning, type TextMark, textBeginnings, textMarks, textMarksMin } from "./text-marks.ts";
import { textOfHead } from "./text-of-head.ts";

/** A header block of mail is read so far. Characters. */
const mailHeaderMax = 4_096;

const pageMarks = textMarks.filter(({ type }) => type === "text/html" || type === "text/x-php");

/** The type of what no signature fits: kinds of text by how they begin or by their marks, and bytes. */
export function detectText(head: Uint8Array): FileType {
  const { text, isText } = textOfHead(head);
  const begun = text.trimStart();
  for (const [pattern, type] of textBeginnings) if (pattern.test(begun)) return type;
  const markup = markupType(begun);
  if (markup !== null) return markup;
  // Programs that run scripts stop at the first byte that is none of theirs; pages are shown whatever stands between the tags.
  const marked = markedType(text, isText ? textMarks : pageMarks);
  if (marked !== null) return marked;
  if (!isText) return "application/octet-stream";
  return mailType(begun) ?? plainType(begun);
}

/** What a page is as well, when it has marks of these. */
const runsFromPages: ReadonlySet<FileType> = new Set(["application/hta", "text/x-windows-script", "text/x-php"]);

/** What is markup from its first character on. */
function markupType(begun: string): FileType | null {
  if (!begun.startsWith("<")) return null;
  if (htmlBeginning.test(begun)) {
    const marked = markedType(begun);
    return marked !== null && runsFromPages.has(marked) ? marked : "text/html";
  }
  const isDrawing = /<(?:[\w-]{1,40}:)?svg[\s>]/i.test(begun) && !/<(?:html|head|body)[\s>]/i.test(begun);
  return isDrawing ? "image/svg+xml" : null;
}

/** The type whose marks weigh most, when they weigh enough; among equals the one that stands first in the table. */
function markedType(text: string, marks: readonly TextMark[] = textMarks): FileType | null {
  const weights = new Map<FileType, number>();
  for (const { pattern, weight, type } of marks) {
    if (pattern.test(text)) weights.set(type, (weights.get(type) ?? 0) + weight);
  }
  let best: FileType | null = null;
  // Nothing runs prose: text that quotes a program is a text, unless it has a mark that outdoes everything.
  let bestWeight = isProse(text) ? decisive - 1 : textMarksMin - 1;
  for (const [type, weight] of weights) {
    if (weight <= bestWeight) continue;
    best = type;
    bestWeight = weight;
  }
  return best;
}

/** So much of a text tells whether it is prose. Characters. */
const proseWithin = 16_384;

const sentenceWordsMin = 6;

/** Two in five of its lines are sentences: some words, and nothing that programs and markup have in every line. */
function isProse(text: string): boolean {
  const lines = text
    .slice(0, proseWithin)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const sentences = lines.filter((line) => !/[;{}=$<>\\]/.test(line) && wordsOf(line) >= sentenceWordsMin);
  return sentences.length * 5 >= lines.length * 2;
}

function wordsOf(line: string): number {
  return line.slice(0, 400).trim().split(/\s+/).length;
}

const mailField =
  /^(?:from|to|cc|subject|date|received|mime-version|message-id|return-path|reply-to|sender|delivered-to|content-type|dkim-signature)[ \t]{0,4}:/i;
const anyField = /^[!-9;-~]{1,80}[ \t]{0,4}:/;
/** So many fields of mail make a message of a text that begins with fields. */
const mailFieldsMin = 2;

/** A text that begins with a header block of mail, or a mailbox of such (RFC 4155). */
function mailType(begun: string): FileType | null {
  const isMailbox = /^From \S{1,320} [A-Z]/.test(begun);
  const lines = begun.slice(0, mailHeaderMax).split(/\r?\n/);
  let fields = 0;
  for (const line of isMailbox ? lines.slice(1) : lines) {
    if (mailField.test(line)) fields++;
    else if (!/^[ \t]/.test(line) && !anyField.test(line)) break;
  }
  if (fields < mailFieldsMin) return null;
  return isMailbox ? "application/mbox" : "message/rfc822";
}

function plainType(begun: string): FileType {
  if (/^<\?xml[\s]/i.test(begun) || /^<[A-Za-z_][\w.-]{0,100}:?[\w.-]{0,100}\s[^>]{0,2000}xmlns/.test(begun))
    return "application/xml";
  if (
    /^(?:\{\s{0,200}"[^"\n]{0,200}"\s{0,20}:|\[\s{0,200}[[{"\d])/.test(begun) &&
    /[\]}]\s{0,200}$|.{4096}/s.test(begun)
  ) {
    return "application/json";
  }
  return "text/plain";
}
