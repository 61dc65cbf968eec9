import type { Line } from "#core/bytes/line-reader.ts";
import { encodeCommand, type Pop3Command } from "#core/pop3/command.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";
import { textOfBytes } from "#core/pop3/wire-text.ts";
import { actsForAnother, isBase64, saslUser, tellsUser } from "#core/sasl/sasl-user.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import { withoutEcho } from "../upstream/sasl/echo.ts";
import type { Conversation } from "./conversation.ts";

export type AuthCommand = Extract<Pop3Command, { verb: "AUTH" }>;

/** What ends an exchange: what the server said, or why it was broken off; then nobody is logged in. */
export type AuthEnd =
  | { kind: "status"; status: StatusLine }
  | { kind: "cancelled" }
  | { kind: "faulty" }
  | { kind: "refused"; refused: () => void };

export type AuthContext = {
  session: Conversation;
  upstream: Pop3Connection;
  mechanism: string;
  /** The client told who it is; what it hears in place of a login that must not go on, or null. */
  named(user: string): (() => void) | null;
  /** What a client hears that does not say who it is, or says it in a way that servers may read otherwise. */
  unnamed(cause: string): () => void;
  /** Called once, unless the session ends before. */
  done(end: AuthEnd): void;
};

/** RFC 2449 §4 */
const commandBytesMax = 255;
const serverFirst: readonly string[] = ["CRAM-MD5", "DIGEST-MD5"];

/**
 * An AUTH exchange (RFC 5034 §4) between a client and a server that speak with each other line by line through us. Only the user's name is read,
 * where the mechanism tells it. The client's lines are kept until the server's verdict, which may have one of them in it.
 */
export class RelayedAuth {
  readonly #context: AuthContext;
  #messages = 0;
  /** The client's first answer came along with the command. */
  #held: string | null = null;
  readonly #said: string[] = [];

  constructor(context: AuthContext) {
    this.#context = context;
  }

  begin(command: AuthCommand): void {
    const { mechanism, initial } = command;
    const { done, unnamed } = this.#context;
    // The server speaks first: what it makes of an answer to nothing is anybody's guess.
    if (initial !== null && serverFirst.includes(mechanism)) {
      return done({ kind: "refused", refused: unnamed(`${mechanism} begins with the server`) });
    }
    const refused = initial === null ? null : this.#read(initial);
    if (refused !== null) return done({ kind: "refused", refused });
    // RFC 5034 §4: a command stays within the limit of commands. And of LOGIN, never standardised: some servers ask again for a user that came along.
    const isHeld = initial !== null && (mechanism === "LOGIN" || encodeCommand(command).length > commandBytesMax);
    if (isHeld) this.#held = initial;
    this.#say(encodeCommand(isHeld ? { ...command, initial: null } : command));
  }

  #say(line: string): void {
    const { upstream, done } = this.#context;
    upstream.exchange(line, {
      challenge: (text) => this.#challenged(text),
      status: ({ ok, text }) => done({ kind: "status", status: { ok, text: withoutEcho(text, this.#said) } }),
    });
  }

  #challenged(text: string): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#say(`${held}\r\n`);
    else this.#context.session.exchange(`+ ${text}\r\n`, (answer) => this.#answered(answer));
  }

  #answered({ bytes, fault }: Line): void {
    const text = textOfBytes(bytes);
    // RFC 5034 §4: the client gives it up.
    if (fault === null && text === "*") return this.#cancel({ kind: "cancelled" });
    if (fault !== null || !isBase64(text)) return this.#cancel({ kind: "faulty" });
    const refused = this.#read(text);
    if (refused === null) this.#say(`${text}\r\n`);
    else this.#cancel({ kind: "refused", refused });
  }

  /** Every message that names a user is believed: the server may go by the last. With LOGIN the second one is the password. */
  #read(message: string): (() => void) | null {
    const { mechanism, named, unnamed } = this.#context;
    const isFirst = this.#messages === 0;
    this.#said.push(message);
    const user = saslUser(mechanism, mechanism === "LOGIN" ? this.#messages : 0, message);
    this.#messages++;
    // It would open another mailbox than the one that policy and records name.
    if (actsForAnother(mechanism, message)) return unnamed("a login for another user than its own");
    // USER cannot say it: some servers take what stands before the blank.
    if (user?.includes(" ") === true) return unnamed("a name with a blank");
    if (user !== null) return named(user);
    return isFirst && tellsUser(mechanism) ? unnamed(`the message of ${mechanism} names no user`) : null;
  }

  /** The server is told first: what it says to that is no login. */
  #cancel(end: AuthEnd): void {
    const { upstream, session, done } = this.#context;
    upstream.exchange("*\r\n", {
      challenge: () => session.lost("the server goes on with an exchange that was given up"),
      status: ({ ok }) => {
        if (ok) session.lost("the server takes an exchange that was given up for a login");
        else done(end);
      },
    });
  }
}
