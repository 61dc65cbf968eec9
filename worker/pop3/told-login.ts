import type { Line } from "#core/bytes/line-reader.ts";
import { isName } from "#core/pop3/command.ts";
import { textOfBytes } from "#core/pop3/wire-text.ts";
import { isBase64, saslUser } from "#core/sasl/sasl-user.ts";
import type { Conversation } from "./conversation.ts";
import type { AuthCommand } from "./relayed-auth.ts";

/** One character a byte, as the client said it. `token`: the whole message, in base64. */
export type ToldLogin =
  | { kind: "password"; user: string; password: string }
  | { kind: "token"; mechanism: string; user: string; message: string };

/** What a client tells by AUTH. wrong: it can be nobody's login. cancelled, faulty: it was no login at all. */
export type Told = ToldLogin | { kind: "wrong"; cause: string } | { kind: "cancelled" } | { kind: "faulty" };

/** What clients are asked for with LOGIN, which was never standardised: all of them expect these words. */
const askedUser = base64("Username:");
const askedPassword = base64("Password:");

/** Asks for a login by a mechanism whose user is in the client's first words (RFC 5034 §4). Kept by nobody; `done` is called once. */
export function askLogin(session: Conversation, { mechanism, initial }: AuthCommand, done: (told: Told) => void): void {
  const ask = (challenge: string, then: (message: string) => void): void =>
    session.exchange(`+ ${challenge}\r\n`, (line) => {
      const read = readMessage(line);
      if (typeof read === "string") then(read);
      else done(read);
    });
  const first = initial === "=" ? "" : initial;
  if (mechanism !== "LOGIN") {
    const told = (message: string): void => done(readTold(mechanism, message));
    if (first === null) ask("", told);
    else told(first);
    return;
  }
  const named = (user: string): void =>
    ask(askedPassword, (password) => done(passwordLogin(unBase64(user), unBase64(password))));
  if (first === null) ask(askedUser, named);
  else named(first);
}

function readMessage({ bytes, fault }: Line): string | Told {
  const text = textOfBytes(bytes);
  if (fault === null && text === "*") return { kind: "cancelled" };
  return fault === null && isBase64(text) ? text : { kind: "faulty" };
}

function readTold(mechanism: string, message: string): Told {
  if (mechanism === "PLAIN") return readPlain(unBase64(message));
  const user = saslUser(mechanism, 0, message);
  if (user === null) return { kind: "wrong", cause: `the message of ${mechanism} names no user` };
  return { kind: "token", mechanism, user: textOfBytes(new TextEncoder().encode(user)), message };
}

/** RFC 4616 §2. Who acts for somebody else would open another mailbox than the one that policy and records name. */
function readPlain(text: string): Told {
  const [, owner = "", user, password] = /^([^\0]*)\0([^\0]*)\0([^\0]*)$/.exec(text) ?? [];
  if (user === undefined || password === undefined) return { kind: "wrong", cause: "the message of PLAIN is none" };
  if (owner !== "" && owner !== user) return { kind: "wrong", cause: "a login for another user than its own" };
  return passwordLogin(user, password);
}

/** What could not be said by USER and PASS is nobody's. */
function passwordLogin(user: string, password: string): Told {
  const isSayable = isName(user) && password !== "" && !/[\x00\r\n]/.test(password);
  return isSayable
    ? { kind: "password", user, password }
    : { kind: "wrong", cause: "a name or a password that USER and PASS cannot say" };
}

function base64(text: string): string {
  return Buffer.from(text, "latin1").toString("base64");
}

function unBase64(text: string): string {
  return Buffer.from(text, "base64").toString("latin1");
}
