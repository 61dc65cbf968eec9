import { type Parameter, readParameters } from "./parameters.ts";
import { type Mailbox, readPath } from "./path.ts";
import type { Reply } from "./reply.ts";
import { replies } from "./reply-codes.ts";
import type { Verb } from "./states.ts";

export type Command =
  | { verb: "EHLO" | "HELO"; name: string }
  | { verb: "MAIL"; sender: Mailbox | null; utf8: boolean; parameters: Parameter[] }
  | { verb: "RCPT"; recipient: Mailbox; utf8: boolean; parameters: Parameter[] }
  | { verb: "DATA" | "RSET" | "QUIT" | "STARTTLS" | "NOOP" | "VRFY" | "EXPN" | "HELP" };

/** What a command line says, or our answer to one that cannot be read. `verb` null: not one of ours. */
export type CommandLine =
  | { ok: true; command: Command }
  | { ok: false; verb: Verb | null; reply: Reply; close: boolean };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** RFC 5321 asks for a domain or an address literal; what clients send in practice is any word (§4.1.4: not to be refused for it). */
const heloName = /^[!-~]{1,255}$/;
/** Commands of other standards: known, and not offered. */
const notOffered = /^(?:AUTH|BDAT|ETRN|ATRN|TURN|SEND|SOML|SAML|BURL|XCLIENT|XFORWARD|XEXCH50)$/;
const http = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|CONNECT|PATCH|TRACE) \S+ HTTP\//;

/** Reads one command line (RFC 5321 §4.1.1), CRLF taken off. Only ASCII case is ignored, and only in verbs and keywords. */
export function readCommand(line: Uint8Array): CommandLine {
  const text = decode(line);
  if (text === null) return refused(null, replies.badLine);
  const space = text.indexOf(" ");
  const word = space === -1 ? text : text.slice(0, space);
  const argument = space === -1 ? "" : text.slice(space + 1);
  // Upper case is taken of ASCII only: U+0131 would become I.
  if (!isAscii(word)) return refused(null, replies.badLine);
  const verb = word.toUpperCase();
  if (!isAscii(text) && verb !== "MAIL" && verb !== "RCPT") return refused(null, replies.badLine);
  switch (verb) {
    case "EHLO":
    case "HELO":
      return readHelo(verb, argument.trim());
    case "MAIL":
      return readMail(argument);
    case "RCPT":
      return readRecipient(argument);
    case "DATA":
    case "RSET":
    case "STARTTLS": // RFC 3207 §4: no argument
    case "QUIT": // RFC 5321 §4.1.1.4, §4.1.1.5, §4.1.1.10: no argument
      return argument.trim() === "" ? { ok: true, command: { verb } } : refused(verb, replies.badSyntax);
    case "NOOP":
    case "HELP":
      return { ok: true, command: { verb } };
    case "VRFY":
    case "EXPN":
      return argument.trim() === "" ? refused(verb, replies.badSyntax) : { ok: true, command: { verb } };
    default:
      if (http.test(text)) return { ok: false, verb: null, reply: replies.notHttp, close: true };
      return refused(null, notOffered.test(verb) ? replies.notImplemented : replies.unknownCommand);
  }
}

function isAscii(text: string): boolean {
  return !/[^\x20-\x7e]/.test(text);
}

function refused(verb: Verb | null, reply: Reply): CommandLine {
  return { ok: false, verb, reply, close: false };
}

/** Null: not UTF-8, or a control character in it. */
function decode(line: Uint8Array): string | null {
  try {
    const text = utf8.decode(line);
    return /[\x00-\x1f\x7f-\x9f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

function readHelo(verb: "EHLO" | "HELO", name: string): CommandLine {
  return heloName.test(name) ? { ok: true, command: { verb, name } } : refused(verb, replies.badHelo);
}

/** What follows `FROM:` or `TO:`. RFC 5321 §3.3 allows no blank after the colon; many clients send one. */
function afterKeyword(argument: string, keyword: "FROM:" | "TO:"): string | null {
  return argument.slice(0, keyword.length).toUpperCase() === keyword
    ? argument.slice(keyword.length).replace(/^ +/, "")
    : null;
}

function readMail(argument: string): CommandLine {
  const path = afterKeyword(argument, "FROM:");
  if (path === null) return refused("MAIL", replies.badSyntax);
  const read = readPath(path);
  if (!read.ok) return refused("MAIL", replies.badSender);
  // Only a recipient may go without a domain (RFC 5321 §4.1.1.3).
  if (read.mailbox !== null && read.mailbox.domain === "") return refused("MAIL", replies.badSender);
  const parameters = readParameters(read.rest);
  if (parameters === null) return refused("MAIL", replies.badSyntax);
  return { ok: true, command: { verb: "MAIL", sender: read.mailbox, utf8: read.utf8, parameters } };
}

function readRecipient(argument: string): CommandLine {
  const path = afterKeyword(argument, "TO:");
  if (path === null) return refused("RCPT", replies.badSyntax);
  const read = readPath(path);
  if (!read.ok || read.mailbox === null) return refused("RCPT", replies.badRecipient);
  const parameters = readParameters(read.rest);
  if (parameters === null) return refused("RCPT", replies.badSyntax);
  return { ok: true, command: { verb: "RCPT", recipient: read.mailbox, utf8: read.utf8, parameters } };
}
