import type { Line } from "#core/bytes/line-reader.ts";
import { encodeCommand, type Pop3Command } from "#core/pop3/command.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";
import { textOfBytes } from "#core/pop3/wire-text.ts";
import { isBase64, saslUser } from "#core/sasl/sasl-user.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
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
  /** Called once, unless the session ends before. */
  done(end: AuthEnd): void;
};

/**
 * An AUTH exchange (RFC 5034 §4) between a client and a server that speak with each other line by line through us. The lines are never kept:
 * only the user's name is read, where the mechanism tells it.
 */
export class RelayedAuth {
  readonly #context: AuthContext;
  #messages = 0;
  #named = false;

  constructor(context: AuthContext) {
    this.#context = context;
  }

  begin(command: AuthCommand): void {
    const refused = command.initial === null ? null : this.#read(command.initial);
    if (refused === null) this.#say(encodeCommand(command));
    else this.#context.done({ kind: "refused", refused });
  }

  #say(line: string): void {
    const { upstream, session, done } = this.#context;
    upstream.exchange(line, {
      challenge: (text) => session.exchange(`+ ${text}\r\n`, (answer) => this.#answered(answer)),
      status: (status) => done({ kind: "status", status }),
    });
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

  #read(message: string): (() => void) | null {
    const { mechanism, named } = this.#context;
    const user = this.#named ? null : saslUser(mechanism, this.#messages, message);
    this.#messages++;
    if (user === null) return null;
    this.#named = true;
    return named(user);
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
