import type { Socket } from "node:net";
import type { Line } from "#core/bytes/line-reader.ts";
import type { DecisionRecord } from "#core/contract/decision.ts";
import type { ConnectionEnd } from "#core/contract/event.ts";
import type { Facts } from "#core/contract/facts.ts";
import { type Pop3Limits, pop3LimitsSchema } from "#core/contract/limits.ts";
import type { LiveSession } from "#core/contract/live-session.ts";
import { encodeCommand, isMultiLine, type Pop3Command, type Pop3Verb, parseCommand } from "#core/pop3/command.ts";
import { type Pop3State, type Transition, transition } from "#core/pop3/states.ts";
import { apopTimestamp, encodeStatusLine, type StatusLine } from "#core/pop3/status-line.ts";
import { decodeName } from "#core/pop3/wire-text.ts";
import type { SessionView } from "../net/session-record.ts";
import type { Admission, GoverningPolicy, Session } from "../services.ts";
import type { Pop3Connection } from "../upstream/pop3-connection.ts";
import type { Pop3Attempt, Pop3Contact } from "../upstream/pop3-contact.ts";
import { statusSink } from "../upstream/status-sink.ts";
import { ClientLink } from "./client-link.ts";
import { type DeniedCommand, decideCommand } from "./command-decision.ts";
import { refusedLine } from "./command-words.ts";
import type { Conversation } from "./conversation.ts";
import { sessionEvent } from "./events.ts";
import { Listing, scanLine, uniqueIdLine } from "./listing.ts";
import type { LoginFailures } from "./login-failures.ts";
import { MailboxMessages } from "./mailbox-messages.ts";
import { answerCapabilities } from "./session-capabilities.ts";
import { SessionLogin } from "./session-login.ts";
import { Pop3SessionRecord } from "./session-record.ts";

/** Starts a session on an accepted socket; `admission.onEnd` tells when it is over. */
export function startPop3Session(socket: Socket, admission: Admission, failures: LoginFailures): Session {
  return new Pop3Session(socket, admission, failures);
}

class Pop3Session implements Session, Conversation {
  readonly admission: Admission;
  readonly record: Pop3SessionRecord;
  readonly #login: SessionLogin;
  readonly limits: Pop3Limits;
  readonly client: ClientLink;
  readonly #attempt: Pop3Attempt | null;
  governing: GoverningPolicy;
  #upstream: Pop3Connection | null = null;
  #messages: MailboxMessages | null = null;
  #listing: Listing | null = null;
  state: Pop3State = "authorization";
  #user: string | null = null;
  #errors = 0;
  #draining = false;
  #quitting = false;

  constructor(socket: Socket, admission: Admission, failures: LoginFailures) {
    this.record = new Pop3SessionRecord(admission.services);
    this.admission = { ...admission, services: { ...admission.services, recorder: this.record } };
    this.#login = new SessionLogin(this, failures);
    this.governing = admission.governing;
    const { action, route } = admission.governing.policy;
    this.limits = action.definition.protocol === "pop3" ? action.definition.limits : pop3LimitsSchema.parse({});
    this.client = new ClientLink(socket, this.limits, {
      line: (line) => this.#line(line),
      answered: (text) => this.record.answered(text),
      gone: () => this.#gone(),
      // RFC 1939 §3: an autologout closes without a response and without deleting.
      idle: () => this.#cut("idle", "the client was idle too long"),
      fault: (error) => this.#crash(error),
      closed: () => {
        this.record.close(this.#view());
        admission.onEnd();
      },
    });
    if (route.protocol !== "pop3") throw new Error(`route ${route.name} is not a POP3 route`);
    this.#attempt = admission.services.pop3Servers.connect(route, this.limits, (reasons, contact) => {
      if (contact === null) this.#unreachable(reasons);
      else this.#greet(contact);
    });
  }

  /** Without QUIT the server deletes nothing (RFC 1939 §6): what the client has not finished, it finds again. */
  drain(): void {
    this.record.ends("stopped");
    this.#draining = true;
    if (this.#upstream === null || this.client.waiting) this.finish("");
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
    return this.record.live(this.#view());
  }

  #unreachable(reasons: readonly string[]): void {
    // RFC 3206 §4: a client must not take this for a wrong password.
    const reply = "-ERR [SYS/TEMP] The mailbox server cannot be reached, try again later";
    const cause = `no mailbox server: ${reasons.join("; ")}`;
    this.record.ends("lost", cause);
    this.tell(reply, cause);
    this.finish(`${reply}\r\n`);
  }

  #greet({ connection, banner }: Pop3Contact): void {
    const { services, client } = this.admission;
    this.#upstream = connection;
    this.record.upstream = connection.target;
    this.record.upstreamTls = connection.tls;
    connection.onLost = (reason) => this.#lost(reason);
    connection.onFault = (error) => this.#crash(error);
    connection.onBatch = (phase) => (phase === "begin" ? this.client.cork() : this.client.uncork());
    this.#messages = new MailboxMessages({
      client: this.client,
      upstream: connection,
      services,
      clientEnd: client,
      done: () => this.#done(),
      fail: (reason) => this.#lost(reason),
      fault: (error) => this.#crash(error),
    });
    const timestamp = apopTimestamp(banner);
    // RFC 1939 §7: the digest of APOP is made over the server's own timestamp.
    this.client.send(`+OK POP3 server ready${timestamp === null ? "" : ` ${timestamp}`}\r\n`);
    this.#done();
  }

  #line(line: Line): void {
    if (line.fault === "too-long") return this.#refuseLine("Command line too long");
    if (line.fault !== null) return this.#refuseLine("Command line has a stray control byte");
    const command = parseCommand(line.bytes);
    if ("fault" in command)
      return this.#refuseLine(command.fault === "unknown" ? "Unknown command" : "Wrong arguments");
    this.record.command(command);
    const step = transition(this.state, command.verb);
    if (step === null) return this.refuse("Command not valid in this state");
    const governing = this.admission.resolve();
    if (governing === null) return this.finish("-ERR [SYS/TEMP] No policy is in force, try again later\r\n");
    this.governing = governing;
    const user = command.verb === "USER" || command.verb === "APOP" ? decodeName(command.name) : this.#user;
    const decision = decideCommand(governing, command.verb, this.facts(user), this.admission.services);
    // A name that was denied is not the session's: the server never hears it.
    if (!decision.allowed) return this.#deny(command.verb, decision);
    this.#user = user;
    if (this.#upstream !== null) this.#run(command, step, this.#upstream);
  }

  #run(command: Pop3Command, step: Transition, upstream: Pop3Connection): void {
    switch (command.verb) {
      case "USER":
      case "PASS":
      case "APOP":
        return this.#login.run(command, step, upstream);
      case "CAPA":
        return answerCapabilities(this, upstream);
      case "RETR":
        return this.#messages?.retrieve(command.message, this.governing, this.facts());
      case "TOP":
        return this.#messages?.top(command, this.governing, this.facts());
      case "QUIT":
        this.#quitting = true;
        return this.#ask(command, upstream, (status) => {
          this.record.ends("quit");
          this.finish(encodeStatusLine(status));
        });
      case "LIST":
      case "UIDL":
        if (isMultiLine(command)) return this.#list(command.verb, encodeCommand(command), upstream);
    }
    this.#ask(command, upstream, (status) => {
      this.state = status.ok ? step.ok : step.err;
      this.pass(status);
    });
  }

  #ask(command: Pop3Command, upstream: Pop3Connection, done: (status: StatusLine) => void): void {
    upstream.request(encodeCommand(command), false, statusSink(done));
  }

  #list(verb: "LIST" | "UIDL", wire: string, upstream: Pop3Connection): void {
    const pattern = verb === "LIST" ? scanLine : uniqueIdLine;
    this.#listing = new Listing({
      client: this.client,
      upstream,
      accepts: (line) => pattern.test(line),
      done: () => {
        this.#listing = null;
        this.#done();
      },
      fail: (reason) => this.#lost(reason),
    });
    upstream.request(wire, true, this.#listing);
  }

  answer(text: string): void {
    this.client.send(text);
    this.#done();
  }

  pass(status: StatusLine): void {
    this.answer(encodeStatusLine(status));
  }

  /** The answer was given: the next command may come. */
  #done(): void {
    if (this.#draining) this.finish("");
    else this.client.next();
  }

  #refuseLine(text: string): void {
    this.record.trace.command(refusedLine);
    this.refuse(text);
  }

  #deny(verb: Pop3Verb, { text, record }: DeniedCommand): void {
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
  #lost(reason: string): void {
    const { services, client } = this.admission;
    services.log.warn({ protocol: "pop3", client, upstream: this.#upstream?.target, reason }, "mailbox server lost");
    // A server may close behind a wrong password: the client hears of that, and when it would have.
    if (this.#login.tries.isFailing) return this.#login.tries.endAfterAnswer();
    this.#end("lost", reason, this.client.waiting ? "" : "-ERR [SYS/TEMP] The mailbox server went away");
  }

  /** Ends with these last words where the client can still hear them: what it has of an answer says so. */
  #end(end: ConnectionEnd, reason: string, words: string): void {
    const answer = this.#listing?.answer ?? this.#messages?.answer ?? "none";
    // Never an end mark on a text that is not whole: the client sees the connection break.
    if (answer === "partial") return this.#cut(end, reason);
    this.record.ends(end, reason);
    this.#leave(reason);
    this.client.finish(answer === "none" && words !== "" ? `${words}\r\n` : "");
  }

  /** A client that said QUIT and did not wait has finished all the same: the server may carry it out (RFC 1939 §6). */
  #gone(): void {
    this.record.ends(this.#quitting ? "quit" : "left");
    if (!this.#quitting) this.#leave("the client went away");
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

  /** A defect of ours costs this session, not the others. */
  #crash(error: unknown): void {
    const { services, client } = this.admission;
    services.log.error({ err: error, client }, "POP3 session fault");
    this.record.ends("fault");
    this.#login.tries.close();
    this.#upstream?.destroy();
    this.#upstream = null;
    this.#attempt?.cancel();
    this.client.destroy();
  }

  #leave(reason: string): void {
    this.#login.tries.close();
    this.#attempt?.cancel();
    this.#messages?.abort(reason);
    this.#upstream?.destroy();
    this.#upstream = null;
  }

  facts(user = this.#user): Facts {
    const { address } = this.admission.client;
    return user === null ? { clientAddress: address } : { clientAddress: address, user: [user] };
  }

  #view(): SessionView {
    const { governing, state, record } = this;
    const { bytesIn, bytesOut } = this.client;
    const { client } = this.admission;
    const user = record.login === null ? null : this.#user;
    return { governing, client, helo: null, user, authMechanism: record.login, state, tls: null, bytesIn, bytesOut };
  }

  tell(reply: string, cause: string, decision: DecisionRecord | null = null): void {
    const { services, client } = this.admission;
    const base = { id: services.newId(), now: services.now(), client, user: this.#user };
    services.recorder.event(sessionEvent(this.governing, base, { decision, reply, cause }));
  }
}
