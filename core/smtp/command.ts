import { isBase64 } from "#core/sasl/sasl-user.ts";
import { type Parameter, readParameters } from "./parameters.ts";
import { type Mailbox, readPath } from "./path.ts";
import type { Reply } from "./reply.ts";
import { replies } from "./reply-codes.ts";
import type { Verb } from "./states.ts";
import { readXclientAttributes, type XclientAttributes } from "./xclient.ts";

export type Command =
  | { verb: "EHLO" | "HELO"; name: string }
  | { verb: "MAIL"; sender: Mailbox | null; utf8: boolean; parameters: Parameter[] }
  | { verb: "RCPT"; recipient: Mailbox; utf8: boolean; parameters: Parameter[] }
  | { verb: "BDAT"; bytes: number; last: boolean }
  | { verb: "VRFY" | "EXPN" | "ETRN"; argument: string }
  /** `initial`: the initial response in base64, `=` for an empty one; null: none (RFC 4954 §4). */
  | { verb: "AUTH"; mechanism: string; initial: string | null }
  | { verb: "XCLIENT"; attributes: XclientAttributes }
  | { verb: "NOOP" | "HELP" }
  | { verb: "DATA" | "RSET" | "QUIT" | "STARTTLS" };

/** What a command line says, or our answer to one that cannot be read. `verb` null: not one of ours. `close`: what follows cannot be read, and why. */
export type CommandLine =
  | { ok: true; command: Command }
  | { ok: false; verb: Verb | null; reply: Reply; close: string | null };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** RFC 4954 §4, RFC 4422 §3.1 */
const authArgument = /^([0-9A-Za-z_-]{1,20})(?: +(\S+))?$/;
/** RFC 5321 asks for a domain or an address literal; what clients send in practice is any word (§4.1.4: not to be refused for it). */
const heloName = /^[!-~]{1,255}$/;
/** Commands of other standards: known, and not offered. */
const notOffered = /^(?:ATRN|TURN|SEND|SOML|SAML|BURL|XFORWARD|XEXCH50)$/;
/** RFC 3030 §2; more digits than any message may have bytes are no size. */
const chunk = /^(\d{1,15})( +LAST)?$/i;
/** RFC 1985 §5.2 */
const queueName = /^[@#]?[0-9A-Za-z._-]{1,255}$/;
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
      return readQuestion(verb, argument.trim());
    case "ETRN":
      return queueName.test(argument.trim()) ? readQuestion(verb, argument.trim()) : refused(verb, replies.badSyntax);
    case "BDAT":
      return readChunk(argument.trim());
    case "AUTH":
      return readAuth(argument.trim());
    case "XCLIENT":
      return readXclient(argument.trim());
    default:
      if (http.test(text))
        return { ok: false, verb: null, reply: replies.notHttp, close: "another protocol is spoken" };
      return refused(null, notOffered.test(verb) ? replies.notImplemented : replies.unknownCommand);
  }
}

function isAscii(text: string): boolean {
  return !/[^\x20-\x7e]/.test(text);
}

function refused(verb: Verb | null, reply: Reply): CommandLine {
  return { ok: false, verb, reply, close: null };
}

function readQuestion(verb: "VRFY" | "EXPN" | "ETRN", argument: string): CommandLine {
  return argument === "" ? refused(verb, replies.badSyntax) : { ok: true, command: { verb, argument } };
}

function readChunk(argument: string): CommandLine {
  const [, digits, last] = chunk.exec(argument) ?? [];
  if (digits !== undefined) {
    return { ok: true, command: { verb: "BDAT", bytes: Number(digits), last: last !== undefined } };
  }
  // How many bytes follow that are no commands is not known.
  return { ok: false, verb: "BDAT", reply: replies.badSyntax, close: "BDAT without a size" };
}

function readAuth(argument: string): CommandLine {
  const [, name, initial = null] = authArgument.exec(argument) ?? [];
  if (name === undefined) return refused("AUTH", replies.badSyntax);
  if (initial !== null && initial !== "=" && !isBase64(initial)) return refused("AUTH", replies.badBase64);
  return { ok: true, command: { verb: "AUTH", mechanism: name.toUpperCase(), initial } };
}

function readXclient(argument: string): CommandLine {
  const attributes = readXclientAttributes(argument);
  return attributes === null
    ? refused("XCLIENT", replies.badSyntax)
    : { ok: true, command: { verb: "XCLIENT", attributes } };
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
