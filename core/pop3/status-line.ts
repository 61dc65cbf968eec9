import { textOfBytes, trimmed } from "./wire-text.ts";

/** The first line of a server's response (RFC 1939 §3), its text safe to show and to pass on. */
export type StatusLine = { ok: boolean; text: string };

/** Reads a line, CRLF taken off; null when it is no POP3 response. */
export function parseStatusLine(line: Uint8Array): StatusLine | null {
  const text = textOfBytes(line);
  const [status] = /^(?:\+OK|-ERR)(?= |\t|$)/i.exec(text) ?? [];
  if (status === undefined) return null;
  return { ok: status.startsWith("+"), text: cleanText(text.slice(status.length)) };
}

/** What a server's challenge says, in base64 (RFC 5034 §4: `+` and a blank, which some servers leave out before nothing); null: it is none. */
export function parseChallenge(line: Uint8Array): string | null {
  return /^\+(?: ([0-9A-Za-z+/=]*))?$/.exec(textOfBytes(line))?.[0]?.slice(2) ?? null;
}

/** Without control bytes: they reach neither client nor log. */
export function cleanText(text: string): string {
  return trimmed(text.replace(/[\x00-\x1f\x7f]+/g, " "));
}

/** A status line to send, CRLF included, at most 512 bytes (RFC 2449 §4). */
export function encodeStatusLine({ ok, text }: StatusLine): string {
  const line = trimmed(`${ok ? "+OK" : "-ERR"} ${text}`);
  return `${line.slice(0, 510)}\r\n`;
}

/** The timestamp of a banner that offers APOP (RFC 1939 §7, an RFC 5322 msg-id), or null. */
export function apopTimestamp(banner: string): string | null {
  return /<[\x21-\x3b\x3d\x3f-\x7e]{1,250}@[\x21-\x3b\x3d\x3f-\x7e]{1,250}>/.exec(banner)?.[0] ?? null;
}

/** RFC 2449 §8, RFC 3206 §4, RFC 6856 §5 */
const responseCodes = ["IN-USE", "LOGIN-DELAY", "AUTH", "SYS/TEMP", "SYS/PERM", "UTF8"] as const;
export type ResponseCode = (typeof responseCodes)[number];

/** The response code that a status text begins with, where it is one of the standard's; null: none. */
export function responseCode(text: string): ResponseCode | null {
  const word = /^\[([A-Za-z0-9/-]{1,20})\]/.exec(text)?.[1]?.toUpperCase();
  return responseCodes.find((code) => code === word) ?? null;
}
