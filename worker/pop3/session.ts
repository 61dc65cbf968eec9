import type { Duplex } from "node:stream";
import type { Line } from "#core/bytes/line-reader.ts";
import type { DecisionRecord } from "#core/contract/decision.ts";
import type { ConnectionEnd } from "#core/contract/event.ts";
import type { Pop3Limits } from "#core/contract/limits.ts";
import type { LiveSession } from "#core/contract/live-session.ts";
import type { Pop3Route } from "#core/contract/policy-document.ts";
import type { Pop3Settings } from "#core/contract/pop3-settings.ts";
import { type Pop3Command, type Pop3Verb } from "#core/pop3/command.ts";
import type { Pop3State, Transition } from "#core/pop3/states.ts";
import { apopTimestamp, encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import { shortLived } from "../net/short-lived.ts";
import type { GoverningPolicy, Session } from "../services.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import type { Pop3Attempt, Pop3Contact } from "../upstream/pop3-contact.ts";
import { type ChosenMailbox, fixedRoute } from "./chosen-login.ts";
import { ClientLink } from "./client-link.ts";
import { type DeniedCommand, decideCommand } from "./command-decision.ts";
import type { Conversation, Pop3Admission } from "./conversation.ts";
import { sessionEvent } from "./events.ts";
import type { LoginFailures } from "./login-failures.ts";
import { pop3Definition } from "./pop3-definition.ts";
import { type RefusedLine, readLine } from "./read-line.ts";
import { ServerCommands } from "./server-commands.ts";
import { answerCapabilities, isSpoken } from "./session-capabilities.ts";
import { SessionLogin } from "./session-login.ts";
import { Pop3SessionRecord } from "./session-record.ts";
import { type Identity, SessionSubject } from "./session-subject.ts";
import { SessionTls } from "./session-tls.ts";
import { sessionView } from "./session-view.ts";
import { shownStatus } from "./shown-status.ts";

/** Starts a session on an accepted socket; `admission.onEnd` tells when it is over. */
export function startPop3Session(socket: Duplex, admission: Pop3Admission, failures: LoginFailures): Session {
  return new Pop3Session(socket, admission, failures);
}

class Pop3Session implements Session, Conversation {
  readonly admission: Pop3Admission;
  readonly record: Pop3SessionRecord;
  readonly limits: Pop3Limits;
  readonly client: ClientLink;
  readonly subject: SessionSubject;
  readonly tls: SessionTls;
  readonly #login: SessionLogin;
  #attempt: Pop3Attempt | null = null;
  governing: GoverningPolicy;
  readonly fixedRoute: Pop3Route | null;
  upstream: Pop3Connection | null = null;
  #server: ServerCommands | null = null;
  /** Where the client logged in, when that was not known before. */
  #chosen: ChosenMailbox | null = null;
  state: Pop3State = "authorization";
  /** Who takes the client's next line, which is no command. */
  #exchange: ((line: Line) => void) | null = null;
  #errors = 0;
  #draining = false;

  constructor(socket: Duplex, admission: Pop3Admission, failures: LoginFailures) {
    this.record = new Pop3SessionRecord(admission.services);
    this.admission = { ...admission, services: { ...admission.services, recorder: this.record } };
    this.governing = admission.governing;
    this.limits = pop3Definition(admission.governing).limits;
    this.fixedRoute = fixedRoute(admission.governing);
    this.subject = new SessionSubject(
      admission.client.address,
      (user) => this.governing.policy.logins.routeOf(user)?.user ?? user,
    );
    this.tls = new SessionTls(this);
    this.#login = new SessionLogin(this, failures);
    this.client = new ClientLink(socket, this.limits.idleTimeoutMs, {
      line: (line) => this.#line(line),
      answered: (text) => this.record.answered(text),
      gone: () => this.#gone(),
      // RFC 1939 §3: an autologout closes without a response and without deleting.
      idle: () => this.#cut("idle", "the client was idle too long"),
      fault: (error) => this.crash(error),
      closed: () => this.#closed(),
    });
    if (this.tls.isRequired) this.state = "tls-needed";
    this.tls.open(() => this.#begin());
  }

  get settings(): Pop3Settings {
    return pop3Definition(this.governing).settings;
  }

  #begin(): void {
    if (this.fixedRoute === null) return this.#greet("");
    this.#attempt = this.admission.services.pop3Servers.connect(this.fixedRoute, this.limits, (reasons, contact) => {
      if (contact === null) return this.#unreachable(reasons);
      this.#take(contact);
      this.#greet(contact.banner);
    });
  }

  /** Without QUIT the server deletes nothing (RFC 1939 §6): what the client has not finished, it finds again. */
  drain(): void {
    this.record.ends("stopped");
    this.#draining = true;
    if (this.upstream === null || this.client.waiting) this.finish("");
  }

  destroy(): void {
    this.#cut("stopped", "the worker is stopping");
  }

  get id(): string {
    return this.record.id;
  }

  kill(): void {
    this.#end("killed", "the session was ended by a person", "-ERR [SYS/TEMP] Session ended by the administrator");
  }

  live(): LiveSession {
    return this.record.live(sessionView(this));
  }

  #unreachable(reasons: readonly string[]): void {
    // RFC 3206 §4: a client must not take this for a wrong password.
    const reply = "-ERR [SYS/TEMP] The mailbox server cannot be reached, try again later";
    const cause = `no mailbox server: ${reasons.join("; ")}`;
    this.record.ends("lost", cause);
    this.tell(reply, cause);
    this.finish(`${reply}\r\n`);
  }

  #take({ connection }: Pop3Contact): void {
    this.upstream = connection;
    this.#server = new ServerCommands(this, connection);
    this.record.upstream = connection.target;
    this.record.upstreamTls = connection.tls;
    connection.onLost = shortLived((reason) => this.lost(reason));
    connection.onFault = shortLived((error) => this.crash(error));
    // A refusal is reworded when it is passed on: until then our records see it as it came.
    connection.reworded = shortLived((command, isMultiLine, line) =>
      line.ok ? shownStatus(this.settings, command, line, isMultiLine) : line,
    );
    connection.onBatch = shortLived((phase) => (phase === "begin" ? this.client.cork() : this.client.uncork()));
  }

  get login(): { route: Pop3Route | null; user: string | null } {
    return this.#chosen ?? { route: this.fixedRoute, user: this.subject.identity.user };
  }

  serve(mailbox: ChosenMailbox): void {
    this.#chosen = mailbox;
    this.#take(mailbox.contact);
  }

  #greet(banner: string): void {
    // RFC 1939 §7: the digest of APOP is made over the server's own timestamp.
    const timestamp = apopTimestamp(banner);
    this.answer(`+OK ${this.settings.banner}${timestamp === null ? "" : ` ${timestamp}`}\r\n`);
  }

  #line(line: Line): void {
    if (this.state !== "transaction" && this.record.trace.ageMs > this.limits.idleTimeoutMs) {
      return this.#cut("idle", "the client did not log in in time");
    }
    const taken = this.#exchange;
    this.#exchange = null;
    if (taken !== null) {
      this.#login.tries.resume();
      return taken(line);
    }
    const read = readLine(line, this.state, this.limits);
    if ("refusal" in read) return this.#refuseLine(read);
    const { command, step } = read;
    this.record.command(command);
    const governing = this.admission.resolve();
    if (governing === null) return this.finish("-ERR [SYS/TEMP] No policy is in force, try again later\r\n");
    this.governing = governing;
    const identity = this.subject.after(command);
    const decision = decideCommand(governing, command.verb, this.subject.facts(identity), this.admission.services);
    // A name that was denied is not the session's: the server never hears it.
    if (!decision.allowed) return this.deny(command.verb, decision);
    this.#run(command, step, identity);
  }

  #run(command: Pop3Command, step: Transition, identity: Identity): void {
    switch (command.verb) {
      case "USER":
      case "PASS":
      case "APOP":
      case "AUTH":
        return this.#login.run(command, step, identity);
      case "STLS":
        // RFC 6856 §2.1
        if (this.subject.utf8) return this.refuse("STLS comes before UTF8");
        return this.tls.start(step, () => this.done());
      case "CAPA":
        return answerCapabilities(this, this.#login.offers);
      case "UTF8":
      case "LANG":
        if (!isSpoken(command.verb, this.settings)) return this.refuse(`${command.verb} is not offered here`);
    }
    if (this.#server !== null) this.#server.run(command, step);
    else this.#answerAlone(command);
  }

  /** No server is chosen yet. */
  #answerAlone({ verb }: Pop3Command): void {
    if (verb === "QUIT") {
      this.record.ends("quit");
      return this.finish("+OK Bye\r\n");
    }
    if (verb !== "UTF8") return this.refuse("Log in first");
    this.subject.utf8 = true;
    this.answer("+OK\r\n");
  }

  answer(text: string): void {
    this.client.send(text);
    this.done();
  }

  pass(verb: Pop3Verb, status: StatusLine): void {
    this.answer(encodeStatusLine(shownStatus(this.settings, verb, status)));
  }

  exchange(text: string, taken: (line: Line) => void): void {
    this.#exchange = taken;
    if (this.#draining) this.finish("");
    else this.client.ask(text, this.limits.authBytesMax);
  }

  /** The answer was given: the next command may come. */
  done(): void {
    this.#exchange = null;
    if (this.#draining) this.finish("");
    else this.client.next(this.#login.lineBytesMax);
  }

  #refuseLine({ words, refusal, ends }: RefusedLine): void {
    this.record.trace.command(words);
    if (ends) this.finish(`-ERR ${refusal}\r\n`);
    else this.refuse(refusal);
  }

  deny(verb: Pop3Verb, { text, record }: DeniedCommand): void {
    this.record.withheld();
    if (record !== null) this.tell(`-ERR ${text}`, `${verb} was denied by policy`, record);
    this.refuse(text);
  }

  refuse(text: string): void {
    this.#errors++;
    const { errorsMax } = this.limits;
    if (this.#errors <= errorsMax) return this.answer(`-ERR ${text}\r\n`);
    const reply = "-ERR Too many errors";
    this.tell(reply, `errorsMax (${errorsMax}) was passed`);
    this.finish(`${reply}\r\n`);
  }

  /** The server is no use any more. What the client has of its answer says how it may hear of it. */
  lost(reason: string): void {
    const { services, client } = this.admission;
    services.log.warn({ protocol: "pop3", client, upstream: this.upstream?.target, reason }, "mailbox server lost");
    // A server may close behind a wrong password: the client hears of that, and when it would have.
    if (this.#login.tries.isFailing) return this.#login.tries.endAfterAnswer();
    const isSilent = this.client.waiting || this.state === "tls-wait";
    this.#end("lost", reason, isSilent ? "" : "-ERR [SYS/TEMP] The mailbox server went away");
  }

  /** Ends with these last words where the client can still hear them: what it has of an answer says so. */
  #end(end: ConnectionEnd, reason: string, words: string): void {
    const answer = this.#server?.answer ?? "none";
    // Never an end mark on a text that is not whole: the client sees the connection break.
    if (answer === "partial") return this.#cut(end, reason);
    this.record.ends(end, reason);
    this.#leave(reason);
    this.client.finish(answer === "none" && words !== "" ? `${words}\r\n` : "");
  }

  /** A client that said QUIT and did not wait has finished all the same: the server may carry it out (RFC 1939 §6). */
  #gone(): void {
    const isQuitting = this.#server?.isQuitting === true;
    this.record.ends(isQuitting ? "quit" : "left");
    if (!isQuitting) this.#leave("the client went away");
  }

  finish(text: string): void {
    this.record.ends("refused");
    this.#leave("the session ended");
    this.client.finish(text);
  }

  #cut(end: ConnectionEnd, reason: string): void {
    this.record.ends(end, reason);
    this.#leave(reason);
    this.client.destroy();
  }

  #closed(): void {
    try {
      this.record.close(sessionView(this));
    } catch (error) {
      this.crash(error);
    }
    this.admission.onEnd();
  }

  /** A defect of ours costs this session, not the others. */
  crash(error: unknown): void {
    const { services, client } = this.admission;
    services.log.error({ err: error, client }, "POP3 session fault");
    this.record.ends("fault");
    this.#abandon();
    this.#login.close();
    this.upstream?.destroy();
    this.upstream = null;
    this.#attempt?.cancel();
    this.client.destroy();
  }

  /** What is held of a message goes, even where what is told of it is the defect. */
  #abandon(): void {
    try {
      this.#server?.abort("a defect of ours");
    } catch (error) {
      this.admission.services.log.error({ err: error }, "POP3 session fault while it ended");
    }
  }

  #leave(reason: string): void {
    this.#login.close();
    this.#attempt?.cancel();
    this.#server?.abort(reason);
    this.upstream?.destroy();
    this.upstream = null;
  }

  tell(reply: string | null, cause: string, decision: DecisionRecord | null = null): void {
    const { services, client } = this.admission;
    const base = { id: services.newId(), now: services.now(), client, user: this.subject.identity.user };
    services.recorder.event(sessionEvent(this.governing, base, { decision, reply, cause }));
  }
}
