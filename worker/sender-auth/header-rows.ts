/** Header of one message that signatures are checked over, in bytes and fields. With more, nothing in it is believed. */
export const signedHeaderBytesMax = 262_144;
export const signedHeaderFieldsMax = 2_000;

const LF = 10;
const CR = 13;
const fieldStart = /^[\x21-\x39\x3b-\x7e]+[ \t]*:/;
/** RFC 5322 §4.5.8: a fold between name and colon. */
const nameAlone = /^[\x21-\x39\x3b-\x7e]+[ \t]*$/;
const colonNext = /^[ \t]+:/;

/**
 * The fields of a header as signatures count them (RFC 6376 §3.4, §5.4.2): unchanged bytes, without the CRLF at their end. Null: there are
 * too many, or a line belongs to no field. Some readers take what follows such a line for the body, and unfolding would hide it.
 */
export function headerRows(header: Buffer): MailauthHeaders | null {
  if (header.length > signedHeaderBytesMax) return null;
  const lines = linesOf(header);
  const starts: number[] = [];
  for (const [at, line] of lines.entries()) {
    const isName = nameAlone.test(line) && colonNext.test(lines[at + 1] ?? "");
    if (fieldStart.test(line) || isName) starts.push(at);
    else if (at === 0 || !/^[ \t]/.test(line)) return null;
  }
  if (starts.length > signedHeaderFieldsMax) return null;
  const parsed = starts.map((start, index) => row(lines.slice(start, starts[index + 1] ?? lines.length)));
  return { parsed, original: header };
}

/** One character a byte, without line ends; the empty line that ends the header, and what is after it, is left out. */
function linesOf(header: Buffer): string[] {
  const lines: string[] = [];
  let at = 0;
  while (at < header.length) {
    const lf = header.indexOf(LF, at);
    const end = lf === -1 ? header.length : lf;
    const line = header.toString("latin1", at, end > at && header[end - 1] === CR ? end - 1 : end);
    if (line === "") break;
    lines.push(line);
    at = end + 1;
  }
  return lines;
}

function row(lines: readonly string[]): MailauthRow {
  const text = lines.join("\r\n");
  const name = (/^[^:]*/.exec(text)?.[0] ?? "").replace(/\r\n/g, "").replace(/^[ \t]+|[ \t]+$/g, "");
  const key = name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return { key, casedKey: name, line: Buffer.from(text, "latin1") };
}
