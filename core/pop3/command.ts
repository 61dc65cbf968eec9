import { isBase64 } from "#core/sasl/sasl-user.ts";
import { decodeName, textOfBytes, trimmed } from "./wire-text.ts";

/** One client command, its arguments parsed. Text arguments have one character a byte. */
export type Pop3Command =
  | { verb: "USER"; name: string }
  | { verb: "PASS"; secret: string }
  | { verb: "APOP"; name: string; digest: string }
  | { verb: "LIST" | "UIDL"; message: number | null }
  | { verb: "RETR" | "DELE"; message: number }
  | { verb: "TOP"; message: number; lines: number }
  /** `initial`: base64, or "=" for a response without bytes (RFC 5034 §4); null: the server speaks first. */
  | { verb: "AUTH"; mechanism: string; initial: string | null }
  /** RFC 6856 §3. A tag, "*" for what the server likes, or null: which are there? */
  | { verb: "LANG"; tag: string | null }
  | { verb: "STAT" | "RSET" }
  | { verb: "CAPA" | "NOOP" | "QUIT" | "STLS" | "UTF8" };

export type Pop3Verb = Pop3Command["verb"];

/**
 * A line that is no command we forward: unknown verb (RPOP, LAST, XTND, XSENDER are, which are obsolete), arguments that do not fit it or are
 * too long. http: it is of another protocol, whose client was led here.
 */
export type CommandFault = { fault: "unknown" | "syntax" | "long" | "http"; verb: string };

/** Largest message number and line count that is passed on. */
export const numberMax = 2_147_483_647;

const http = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|CONNECT|PATCH|TRACE) \S+ HTTP\//;
/** RFC 4422 §3.1 */
const authArguments = /^([0-9A-Za-z_-]{1,20})(?: +(\S+))? *$/;
/** RFC 5646 §2.1, or any. */
const languageTag = /^(?:\*|[0-9A-Za-z]{1,8}(?:-[0-9A-Za-z]{1,8}){0,7})$/;

/**
 * Reads one line, CRLF taken off (RFC 1939 §3; keywords ignore case). Control bytes are a syntax fault: nothing rides along.
 * `argumentBytesMax`: of each argument (RFC 2449 §4), but for the initial response of AUTH.
 */
export function parseCommand(line: Uint8Array, argumentBytesMax: number): Pop3Command | CommandFault {
  const text = textOfBytes(line);
  const blank = text.indexOf(" ");
  const verb = (blank === -1 ? text : text.slice(0, blank)).replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const rest = blank === -1 ? "" : text.slice(blank + 1);
  if (http.test(text)) return { fault: "http", verb: "" };
  if (!/^[A-Z][0-9A-Z]{2,7}$/.test(verb)) return { fault: "unknown", verb: "" };
  if (/[\x00-\x1f\x7f]/.test(rest)) return { fault: "syntax", verb };
  const command = readArguments(verb, rest) ?? { fault: "syntax", verb };
  return longestArgument(command, rest) > argumentBytesMax ? { fault: "long", verb } : command;
}

function longestArgument(command: Pop3Command | CommandFault, rest: string): number {
  if ("fault" in command || command.verb === "AUTH") return 0;
  const isOne = command.verb === "USER" || command.verb === "PASS";
  return isOne ? rest.length : Math.max(...rest.split(" ").map(({ length }) => length));
}

function readArguments(verb: string, rest: string): Pop3Command | CommandFault | null {
  switch (verb) {
    case "USER":
      return isName(trimmed(rest)) ? { verb, name: trimmed(rest) } : null;
    case "PASS":
      // RFC 1939 §7: blanks are part of the password.
      return rest === "" ? null : { verb, secret: rest };
    case "APOP":
      return readApop(rest);
    case "LIST":
    case "UIDL":
      return trimmed(rest) === "" ? { verb, message: null } : withMessage(verb, rest);
    case "RETR":
    case "DELE":
      return withMessage(verb, rest);
    case "TOP":
      return readTop(rest);
    case "AUTH":
      return readAuth(rest);
    case "LANG":
      return trimmed(rest) === "" ? { verb, tag: null } : readLanguage(trimmed(rest));
    case "STAT":
    case "RSET":
      return trimmed(rest) === "" ? { verb } : null;
    case "CAPA":
    case "NOOP":
    case "QUIT":
    case "STLS":
    case "UTF8":
      return trimmed(rest) === "" ? { verb } : null;
    default:
      return { fault: "unknown", verb };
  }
}

function withMessage<V extends "LIST" | "UIDL" | "RETR" | "DELE">(
  verb: V,
  rest: string,
): { verb: V; message: number } | null {
  const message = readNumber(trimmed(rest));
  return message === null || message === 0 ? null : { verb, message };
}

function readTop(rest: string): Pop3Command | null {
  const [first = "", second = "", ...more] = trimmed(rest).split(/ +/);
  const message = readNumber(first);
  const lines = readNumber(second);
  return message === null || message === 0 || lines === null || more.length > 0
    ? null
    : { verb: "TOP", message, lines };
}

/** RFC 1939 §7: a mailbox name and 32 hex digits. */
function readApop(rest: string): Pop3Command | null {
  const blank = rest.lastIndexOf(" ");
  const name = rest.slice(0, Math.max(blank, 0));
  const digest = rest.slice(blank + 1);
  return isName(name) && /^[0-9A-Fa-f]{32}$/.test(digest) ? { verb: "APOP", name, digest } : null;
}

/**
 * RFC 1939 §3: an argument has no blanks. Some servers take what stands before one for the name, and some drop what cannot be seen (RFC 4013 §2.1):
 * rules would see another user.
 */
export function isName(text: string): boolean {
  return text !== "" && !/[\x00-\x20\x7f]/.test(text) && !/\p{Cf}/u.test(decodeName(text));
}

/** RFC 5034 §4. `AUTH` alone, which lists mechanisms with some servers, is in no standard: CAPA tells them. */
function readAuth(rest: string): Pop3Command | null {
  const [, mechanism, initial = null] = authArguments.exec(rest) ?? [];
  if (mechanism === undefined || (initial !== null && initial !== "=" && !isBase64(initial))) return null;
  return { verb: "AUTH", mechanism: mechanism.toUpperCase(), initial };
}

function readLanguage(tag: string): Pop3Command | null {
  return languageTag.test(tag) ? { verb: "LANG", tag } : null;
}

function readNumber(text: string): number | null {
  if (!/^\d{1,10}$/.test(text)) return null;
  const value = Number(text);
  return value <= numberMax ? value : null;
}

/** The command as it goes to the server: made anew from what was parsed, CRLF included, one character a byte. */
export function encodeCommand(command: Pop3Command): string {
  switch (command.verb) {
    case "USER":
      return `USER ${command.name}\r\n`;
    case "PASS":
      return `PASS ${command.secret}\r\n`;
    case "APOP":
      return `APOP ${command.name} ${command.digest}\r\n`;
    case "LIST":
    case "UIDL":
      return command.message === null ? `${command.verb}\r\n` : `${command.verb} ${command.message}\r\n`;
    case "RETR":
    case "DELE":
      return `${command.verb} ${command.message}\r\n`;
    case "TOP":
      return `TOP ${command.message} ${command.lines}\r\n`;
    case "AUTH":
      return `AUTH ${command.mechanism}${command.initial === null ? "" : ` ${command.initial}`}\r\n`;
    case "LANG":
      return command.tag === null ? "LANG\r\n" : `LANG ${command.tag}\r\n`;
    case "CAPA":
    case "STAT":
    case "NOOP":
    case "RSET":
    case "QUIT":
    case "STLS":
    case "UTF8":
      return `${command.verb}\r\n`;
    default:
      return command satisfies never;
  }
}

/** Whether a positive answer goes on over several lines (RFC 1939 §3). */
export function isMultiLine(command: Pop3Command): boolean {
  switch (command.verb) {
    case "LIST":
    case "UIDL":
      return command.message === null;
    case "LANG":
      return command.tag === null;
    case "RETR":
    case "TOP":
    case "CAPA":
      return true;
    default:
      return false;
  }
}
