import { bytesOfText } from "./byte-text.ts";
import type { HeaderField } from "./header-reader.ts";

/** RFC 5322 §2.1.1: characters of a line without CRLF. */
const lineCharactersMax = 998;
/** Characters kept of one field of the original. */
const fieldCharactersMax = 4_000;

export type Notice = {
  /** From, Date, Subject and Message-ID of the message whose place it takes, as they were. */
  identity: readonly HeaderField[];
  /** Why, in words that anyone may read: no rule, no list, no name. Printable ASCII. */
  reason: string;
  /** What an administrator finds the decision by. */
  id: string;
  /** Milliseconds since 1970, for a message that had no Date. */
  now: number;
};

/**
 * A message that takes another's place: plain text with CRLF lines, each field of the original's identity kept so that mail
 * readers file it where the original would be. Not dot-stuffed.
 */
export function buildNotice({ identity, reason, id, now }: Notice): Uint8Array {
  const kept = identity.map(({ name, raw }) => `${name}:${keptValue(raw)}`);
  const has = (name: string): boolean => identity.some((field) => field.name.toLowerCase() === name);
  const lines = [
    ...kept,
    // RFC 5322 §3.6: both are required.
    ...(has("from") ? [] : ["From: Mail gateway <postmaster@postern.invalid>"]),
    ...(has("date") ? [] : [`Date: ${new Date(now).toUTCString().replace("GMT", "+0000")}`]),
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=us-ascii",
    "Content-Transfer-Encoding: 7bit",
    // RFC 3834 §5
    "Auto-Submitted: auto-generated",
    `X-Postern-Id: ${id}`,
    "",
    "The mail gateway has held back the content of this message.",
    "",
    `Reason: ${reason}`,
    `Id:     ${id}`,
    "",
    "The original stays in the mailbox until your mail program deletes it there.",
    "If you need it, give the id above to your administrator.",
    "",
  ];
  return bytesOfText(lines.join("\r\n"));
}

/** The value with its folds, without anything that could end the header, break a line or run over its length. */
function keptValue(raw: string): string {
  const lines = raw.slice(0, fieldCharactersMax).split("\n");
  const clean = lines.map((line) => line.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, "").slice(0, lineCharactersMax - 80));
  return clean.filter((line, index) => index === 0 || line.trim() !== "").join("\r\n");
}
