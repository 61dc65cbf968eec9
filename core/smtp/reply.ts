/** One SMTP reply. `lines` are without codes, at least one. `enhanced` is the RFC 3463 code, or null. */
export type Reply = { code: number; enhanced: string | null; lines: readonly string[] };

/** A reply of one line. */
export function reply(code: number, enhanced: string | null, text: string): Reply {
  return { code, enhanced, lines: [text] };
}

/** RFC 5321 §4.5.3.1.5: a reply line has at most 512 octets, CRLF included. */
export const replyLineBytesMax = 512;

/** The reply as it goes onto the wire: every line with code and enhanced code (RFC 2034 §4), printable ASCII, cut to the cap. */
export function formatReply(answer: Reply): string {
  const prefix = answer.enhanced === null ? "" : `${answer.enhanced} `;
  const last = answer.lines.length - 1;
  let wire = "";
  for (const [index, text] of answer.lines.entries()) {
    const line = `${answer.code}${index === last ? " " : "-"}${prefix}${printable(text)}`;
    wire += `${line.slice(0, replyLineBytesMax - 2)}\r\n`;
  }
  return wire;
}

/** A 334 of an AUTH exchange; its text is base64 and may be longer than a reply (RFC 4954 §4). */
export function formatChallenge(base64: string): string {
  return `334 ${base64}\r\n`;
}

/** The reply on one line, for records: `550 5.7.1 text`. */
export function replyText(answer: Reply): string {
  const prefix = answer.enhanced === null ? "" : `${answer.enhanced} `;
  return printable(`${answer.code} ${prefix}${answer.lines.join(" ")}`).trimEnd();
}

/** Control characters and everything outside ASCII become `?`: a peer's text reaches neither client nor log as it came. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
