import { encodeCommand, type Pop3Command } from "#core/pop3/command.ts";
import type { Transition } from "#core/pop3/states.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import { statusSink } from "../upstream/status-sink.ts";
import type { Conversation } from "./conversation.ts";
import type { LoginFailures } from "./login-failures.ts";
import { LoginTries } from "./login-tries.ts";

export type LoginCommand = Extract<Pop3Command, { verb: "USER" | "PASS" | "APOP" }>;

/** Response codes (RFC 2449 §8, RFC 3206) of a login that failed for other reasons than user and secret. */
const otherReasons = /^\[(?:SYS\/|IN-USE|LOGIN-DELAY)/i;

/** How a client logs in: the route's server decides, what fails is counted. */
export class SessionLogin {
  readonly tries: LoginTries;
  readonly #session: Conversation;
  /** The server does not know the user. */
  #isUnknown = false;

  constructor(session: Conversation, failures: LoginFailures) {
    this.#session = session;
    this.tries = new LoginTries(session, failures);
  }

  run(command: LoginCommand, step: Transition, upstream: Pop3Connection): void {
    if (command.verb !== "USER" && !this.tries.begin(this.#session.facts().user?.[0] ?? null)) {
      this.#session.state = step.err;
      return;
    }
    if (command.verb === "PASS" && this.#isUnknown) return this.#failed(step, "the server does not know the user");
    const done = (status: StatusLine): void => this.#answered(command, step, status);
    upstream.request(encodeCommand(command), false, statusSink(done));
  }

  #answered({ verb }: LoginCommand, step: Transition, status: StatusLine): void {
    if (verb === "USER") return this.#named(step, status);
    const isWrong = !status.ok && !otherReasons.test(status.text);
    if (isWrong) return this.#failed(step, `login failed: the server says ${encodeStatusLine(status).trimEnd()}`);
    this.#session.state = status.ok ? step.ok : step.err;
    if (status.ok) this.tries.succeeded();
    this.#session.pass(status);
  }

  /** RFC 1939 §7: PASS may be asked for whether the user exists or not, and the client is not told. */
  #named(step: Transition, status: StatusLine): void {
    this.#isUnknown = !status.ok;
    this.#session.state = step.ok;
    this.#session.answer("+OK\r\n");
  }

  #failed(step: Transition, cause: string): void {
    this.#session.state = step.err;
    this.tries.failed(cause);
  }
}
