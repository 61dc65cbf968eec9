import { encodeCommand, type Pop3Command } from "#core/pop3/command.ts";
import type { Transition } from "#core/pop3/states.ts";
import { encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import type { Conversation } from "./conversation.ts";
import type { FailedLogins } from "./failed-logins.ts";
import { statusSink } from "./sinks.ts";

export type LoginCommand = Extract<Pop3Command, { verb: "USER" | "PASS" | "APOP" }>;

/** How a client logs in: the route's server decides, what fails is counted. */
export class SessionLogin {
  readonly #session: Conversation;
  readonly #sourceFailures: FailedLogins;
  #failures = 0;

  constructor(session: Conversation, sourceFailures: FailedLogins) {
    this.#session = session;
    this.#sourceFailures = sourceFailures;
  }

  /** Whether the source has used up its tries; then the session is over. */
  refuses({ verb }: Pop3Command): boolean {
    const isLogin = verb === "PASS" || verb === "APOP";
    if (!isLogin || !this.#sourceFailures.tooMany(this.#session.admission.client.address)) return false;
    // RFC 3206 §4: not a wrong password, whatever it was.
    const reply = "-ERR [SYS/TEMP] Too many failed logins from your address, try again later";
    this.#session.tell(reply, "failedLoginsPerSourceMax was passed");
    this.#session.finish(`${reply}\r\n`);
    return true;
  }

  run(command: LoginCommand, step: Transition, upstream: Pop3Connection): void {
    const done = (status: StatusLine): void => this.#answered(command, step, status);
    upstream.request(encodeCommand(command), false, statusSink(done));
  }

  #answered({ verb }: LoginCommand, step: Transition, status: StatusLine): void {
    this.#session.state = status.ok ? step.ok : step.err;
    if (status.ok || verb === "USER") this.#session.pass(status);
    else this.#failed(encodeStatusLine(status));
  }

  #failed(reply: string): void {
    this.#failures++;
    this.#sourceFailures.note(this.#session.admission.client.address);
    this.#session.tell(reply.trimEnd(), "login failed");
    if (this.#failures >= this.#session.limits.loginFailuresMax) this.#session.finish(reply);
    else this.#session.answer(reply);
  }
}
