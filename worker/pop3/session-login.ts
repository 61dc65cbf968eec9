import { type LoginOffers, loginOffers } from "#core/policy/login-offers.ts";
import { encodeCommand, type Pop3Command } from "#core/pop3/command.ts";
import { type Transition, transition } from "#core/pop3/states.ts";
import { encodeStatusLine, responseCode, type StatusLine } from "#core/pop3/status-line.ts";
import { decodeName } from "#core/pop3/wire-text.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import { withoutSecret } from "../upstream/sasl/echo.ts";
import { statusSink } from "../upstream/status-sink.ts";
import { type ChosenEnd, ChosenLogin } from "./chosen-login.ts";
import { decideCommand } from "./command-decision.ts";
import type { Conversation } from "./conversation.ts";
import type { LoginFailures } from "./login-failures.ts";
import { LoginTries } from "./login-tries.ts";
import { type AuthCommand, type AuthEnd, RelayedAuth } from "./relayed-auth.ts";
import type { Identity } from "./session-subject.ts";
import { askLogin, type Told, type ToldLogin } from "./told-login.ts";

export type LoginCommand = Extract<Pop3Command, { verb: "USER" | "PASS" | "APOP" | "AUTH" }>;

const nothingOffered: LoginOffers = { userPass: false, apop: false, mechanisms: [] };

/** How a client logs in: the route's server decides, what fails is counted. */
export class SessionLogin {
  readonly tries: LoginTries;
  readonly #session: Conversation;
  /** What the server said at USER, where it was no. */
  #refusedName: StatusLine | null = null;
  /** What USER said while no server was chosen, one character a byte. */
  #name = "";
  #chosen: ChosenLogin | null = null;

  constructor(session: Conversation, failures: LoginFailures) {
    this.#session = session;
    this.tries = new LoginTries(session, failures);
  }

  /** How the client may log in now. */
  get offers(): LoginOffers {
    const { settings, tls, state } = this.#session;
    if (state === "tls-needed") return nothingOffered;
    return loginOffers({ auth: settings.auth, tls: tls.mode, serverKnown: this.#session.fixedRoute !== null });
  }

  /** Of the next command: with AUTH there may be a token. */
  get lineBytesMax(): number {
    const { limits, state } = this.#session;
    const { commandBytesMax, authBytesMax } = limits;
    const takesAuth = transition(state, "AUTH") !== null && this.offers.mechanisms.length > 0;
    return takesAuth ? Math.max(commandBytesMax, authBytesMax) : commandBytesMax;
  }

  /** `identity`: whose login it is, if it is tried. */
  run(command: LoginCommand, step: Transition, identity: Identity): void {
    const { upstream, subject } = this.#session;
    // The server still goes by the name that it heard last: so do we.
    if (!this.#isOffered(command)) return this.#session.refuse("This login is not offered here");
    subject.identity = identity;
    if (command.verb !== "USER" && !this.tries.begin(identity.user)) {
      this.#session.state = step.err;
      subject.forget();
      return;
    }
    if (upstream === null) return this.#choose(command, step);
    // The server does not hear the password.
    if (command.verb === "PASS" && this.#refusedName !== null) return this.#answered("PASS", step, this.#refusedName);
    if (command.verb === "AUTH") return this.#relay(command, step, upstream);
    const done = ({ ok, text }: StatusLine): void =>
      this.#answered(command.verb, step, { ok, text: ok ? text : withoutSecret(text, secretOf(command)) });
    upstream.request(encodeCommand(command), false, statusSink(done));
  }

  /** The session is over. May be called twice. */
  close(): void {
    this.tries.close();
    this.#chosen?.cancel();
    this.#chosen = null;
  }

  /** The server hangs on who logs in. */
  #choose(command: LoginCommand, step: Transition): void {
    const session = this.#session;
    switch (command.verb) {
      case "USER":
        this.#name = command.name;
        session.state = step.ok;
        return session.answer("+OK\r\n");
      case "PASS":
        return this.#open({ kind: "password", user: this.#name, password: command.secret }, step);
      case "AUTH":
        session.state = step.meanwhile ?? session.state;
        return askLogin(session, command, (told) => this.#told(command, told, step));
      case "APOP":
        return session.refuse("This login is not offered here");
      default:
        command satisfies never;
    }
  }

  #told({ mechanism }: AuthCommand, told: Told, step: Transition): void {
    if (told.kind === "cancelled" || told.kind === "faulty") return this.#ended(step, told);
    if (told.kind === "wrong") return this.#failed(step, told.cause);
    const refused = this.#refusalOf({ user: decodeName(told.user), mechanism });
    if (refused === null) this.#open(told, step);
    else this.#ended(step, { kind: "refused", refused });
  }

  #open(told: ToldLogin, step: Transition): void {
    this.#chosen = new ChosenLogin(this.#session, (end) => this.#opened(end, step));
    this.#chosen.begin(told);
  }

  #opened(end: ChosenEnd, step: Transition): void {
    const session = this.#session;
    this.#chosen = null;
    if (end.kind === "wrong") return this.#failed(step, end.cause);
    session.state = end.kind === "in" ? step.ok : step.err;
    if (end.kind === "unavailable") {
      const reply = `-ERR [${end.code}] ${end.text}`;
      session.tell(reply, end.cause);
      session.subject.forget();
      return session.answer(`${reply}\r\n`);
    }
    session.serve(end.mailbox);
    this.tries.succeeded();
    session.answer("+OK Logged in\r\n");
  }

  #relay(command: AuthCommand, step: Transition, upstream: Pop3Connection): void {
    const session = this.#session;
    session.state = step.meanwhile ?? session.state;
    const exchange = new RelayedAuth({
      session,
      upstream,
      mechanism: command.mechanism,
      named: (user) => this.#refusalOf({ user, mechanism: command.mechanism }),
      unnamed: (cause) => () => this.#failed(step, cause),
      done: (end) => this.#ended(step, end),
    });
    exchange.begin(command);
  }

  /** A user who is told within the exchange is one that neither the policy nor the counts have seen. */
  #refusalOf(identity: Identity): (() => void) | null {
    const { subject, governing, admission } = this.#session;
    if (subject.identity.user === identity.user) return null;
    const decision = decideCommand(governing, "AUTH", subject.facts(identity), admission.services, subject.facts());
    if (!decision.allowed) return () => this.#session.deny("AUTH", decision);
    subject.identity = identity;
    return this.tries.holds(identity.user) ? () => void this.tries.begin(identity.user) : null;
  }

  #isOffered(command: LoginCommand): boolean {
    const { userPass, apop, mechanisms } = this.offers;
    switch (command.verb) {
      case "USER":
      case "PASS":
        return userPass;
      case "APOP":
        return apop;
      case "AUTH":
        return mechanisms.includes(command.mechanism);
      default:
        return command satisfies never;
    }
  }

  #ended(step: Transition, end: AuthEnd): void {
    if (end.kind === "status") return this.#answered("AUTH", step, end.status);
    this.#session.state = step.err;
    if (end.kind === "refused") end.refused();
    else this.#session.refuse(end.kind === "faulty" ? "Not base64" : "Login given up");
    this.#session.subject.forget();
  }

  #answered(verb: LoginCommand["verb"], step: Transition, status: StatusLine): void {
    if (verb === "USER") return this.#named(step, status);
    if (!status.ok && isWrong(status)) {
      return this.#failed(step, `login failed: the server says ${encodeStatusLine(status).trimEnd()}`);
    }
    this.#session.state = status.ok ? step.ok : step.err;
    if (status.ok) this.tries.succeeded();
    this.#session.pass(verb, status);
  }

  /** RFC 1939 §7: PASS may be asked for whether the user exists or not, and the client is not told. */
  #named(step: Transition, status: StatusLine): void {
    this.#refusedName = status.ok ? null : status;
    this.#session.state = step.ok;
    this.#session.answer("+OK\r\n");
  }

  #failed(step: Transition, cause: string): void {
    this.#session.state = step.err;
    this.tries.failed(cause);
    this.#session.subject.forget();
  }
}

function secretOf(command: LoginCommand): string {
  if (command.verb === "PASS") return command.secret;
  return command.verb === "APOP" ? command.digest : "";
}

/** RFC 3206 §5: unless the server says that it was for other reasons than user and secret. */
function isWrong({ text }: StatusLine): boolean {
  const code = responseCode(text);
  return code === null || code === "AUTH" || code === "UTF8";
}
