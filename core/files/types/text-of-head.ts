import { u8, u16be, u16le } from "../bytes-at.ts";

/** Text of a file's first bytes, for the marks by which kinds of text are told apart. */
export type HeadText = {
  /** Without byte order mark; NULs of UTF-16 and between the letters are gone, as the programs that run such files see it. */
  text: string;
  /** Whether the bytes are what text is made of; marks of text in other bytes prove less. */
  isText: boolean;
};

/** Control characters that text has: tab, line ends, form feed, backspace, escape, end of file of DOS. */
const textControls = new Set([7, 8, 9, 10, 11, 12, 13, 26, 27]);
/** One in so many bytes of text may be another control character. */
const controlShare = 100;

const utf8 = new TextDecoder("utf-8");
const utf16le = new TextDecoder("utf-16le");
const utf16be = new TextDecoder("utf-16be");
const windows1252 = new TextDecoder("windows-1252");

/** Decodes bytes by their byte order mark or the place of their NULs; bytes that are no UTF-8 as Windows-1252. */
export function textOfHead(head: Uint8Array): HeadText {
  const wide = wideEncoding(head);
  if (wide !== null) {
    const text = wide.decode(head);
    return { text: text.replaceAll("\0", ""), isText: isMostlyText(text) };
  }
  const text = utf8.decode(head);
  const readable = text.includes("\u{fffd}") && !endsWithinCharacter(text) ? windows1252.decode(head) : text;
  return { text: readable.replaceAll("\0", ""), isText: isMostlyText(readable) };
}

function wideEncoding(head: Uint8Array): TextDecoder | null {
  if (u16le(head, 0) === 0xfeff) return utf16le;
  if (u16be(head, 0) === 0xfeff) return utf16be;
  const looked = Math.min(head.length, 512) & ~1;
  if (looked < 4) return null;
  let [low, high] = [0, 0];
  for (let at = 0; at < looked; at += 2) {
    if (u8(head, at) !== 0 && u8(head, at + 1) === 0) low++;
    if (u8(head, at) === 0 && u8(head, at + 1) !== 0) high++;
  }
  const most = (looked / 2) * 0.8;
  if (low >= most) return utf16le;
  return high >= most ? utf16be : null;
}

/** Only the last character is broken: the head was cut inside it. */
function endsWithinCharacter(text: string): boolean {
  return text.indexOf("\u{fffd}") >= text.length - 1;
}

function isMostlyText(text: string): boolean {
  let strange = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0 || code === 0xfffd || (code < 32 && !textControls.has(code)) || (code >= 0x80 && code < 0xa0))
      strange++;
  }
  return strange * controlShare <= text.length;
}
