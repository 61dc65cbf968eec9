import { bytesOf, textOfBytes } from "./wire-text.ts";

/** The header, the empty line and the first `lines` lines of the body of a message with CRLF lines (RFC 1939 §7, TOP). For short messages. */
export function topOf(message: Uint8Array, lines: number): Uint8Array {
  const text = textOfBytes(message);
  const empty = text.indexOf("\r\n\r\n");
  if (empty === -1) return message;
  const body = text.slice(empty + 4).split("\r\n");
  const shown = body.slice(0, lines).map((line) => `${line}\r\n`);
  return bytesOf(`${text.slice(0, empty + 4)}${shown.join("")}`);
}
