import { responseCode, type StatusLine } from "./status-line.ts";

/** What we say ourselves where the standard asks for no words of the server's. */
const yes: Readonly<Record<string, string | undefined>> = {
  PASS: "Logged in",
  APOP: "Logged in",
  AUTH: "Logged in",
  DELE: "Message deleted",
  TOP: "Top of message follows",
  UTF8: "UTF8 enabled",
  QUIT: "Bye",
};
const no: Readonly<Record<string, string | undefined>> = {
  PASS: "Login failed",
  APOP: "Login failed",
  AUTH: "Login failed",
  LIST: "No such message",
  UIDL: "No such message",
  RETR: "No such message",
  TOP: "No such message",
  DELE: "No such message",
  LANG: "No such language",
};

/** What of a positive answer clients read (RFC 1939 §5, §7; RFC 6856 §3.1). */
const data: Readonly<Record<string, RegExp | undefined>> = {
  STAT: /^\d{1,10} \d{1,15}(?= |$)/,
  LIST: /^\d{1,10} \d{1,15}(?= |$)/,
  UIDL: /^\d{1,10} [\x21-\x7e]{1,250}(?= |$)/,
  RETR: /^\d{1,15} octets(?= |$)/i,
  LANG: /^[0-9A-Za-z-]{1,70}(?= |$)/,
};

/**
 * A server's first line in our words: its numbers, unique ids and language stay, and its response code where the standard knows it.
 * `command`: its verb, perhaps with more behind it.
 */
export function ownStatus(command: string, { ok, text }: StatusLine, isMultiLine = false): StatusLine {
  const verb = /^[0-9A-Z]*/.exec(command)?.[0] ?? "";
  if (ok) {
    // The first line of a listing says nothing that its lines do not.
    const told = isMultiLine && verb !== "RETR" ? undefined : data[verb]?.exec(text)?.[0];
    return { ok, text: told ?? yes[verb] ?? "" };
  }
  const code = responseCode(text);
  const words = no[verb] ?? "Not done";
  return { ok, text: code === null ? words : `[${code}] ${words}` };
}
