/** Characters of one inserted text; the rest is cut off. */
export const insertedTextCharactersMax = 64_000;
/** Characters of one line; a longer one is broken at a blank, or where there is none. RFC 5322 §2.1.1 allows 998 bytes. */
export const insertedLineCharactersMax = 200;

/**
 * Text of ours as lines that stand safely in any body: no control characters, no line too long, none that could be a delimiter of
 * a multipart, a file inside the text (uuencode, yEnc, BinHex) or a mailbox's "From ": such a line begins with a blank.
 */
export function insertedLines(text: string, lineCharactersMax = insertedLineCharactersMax): string[] {
  const lines = text
    .slice(0, insertedTextCharactersMax)
    .toWellFormed()
    .split(/\r\n|[\r\n\u0085\u2028\u2029]/);
  return lines.flatMap((line) => brokenLine(line.replace(/\p{Cc}+/gu, " ").trimEnd(), lineCharactersMax)).map(harmless);
}

function brokenLine(line: string, lineCharactersMax: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > lineCharactersMax) {
    const blank = rest.lastIndexOf(" ", lineCharactersMax);
    const at =
      blank > 0 ? blank : lineCharactersMax - (/[\ud800-\udbff]/.test(rest[lineCharactersMax - 1] ?? "") ? 1 : 0);
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  lines.push(rest);
  return lines;
}

/** "-- " stands before a signature and may stay: a boundary cannot be empty or begin with a blank. */
function harmless(line: string): string {
  const isHarmful = /^(?:--(?! ?$)|begin|=y|\(This file|From )/i.test(line);
  return isHarmful ? ` ${line}` : line;
}
