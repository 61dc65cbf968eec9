import type { Socket } from "node:net";
import type { Command } from "#core/smtp/command.ts";
import { formatReply, type Reply, reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { ServerInput } from "#core/smtp/server-machine.ts";
import type { XclientAttributes } from "#core/smtp/xclient.ts";
import { banFor } from "../net/auto-ban.ts";
import type { Admission, Session } from "../services.ts";
import type { ServerTls } from "../tls/server-tls.ts";
import { type Answer, answer } from "./answer.ts";
import { ClientSocket, type ClientSocketOwner, pauseReasons } from "./client-socket.ts";
import type { Conversation } from "./conversation.ts";
import { sessionEvent } from "./message-record.ts";
import { SessionAuth } from "./session-auth.ts";
import { SessionGreeting } from "./session-greeting.ts";
import { earlyTalk, type LimitPassed } from "./session-limits.ts";
import { SessionMessage } from "./session-message.ts";
import { answerSideCommand } from "./session-side-commands.ts";
import { SessionSubject } from "./session-subject.ts";
import { SessionTimer } from "./session-timer.ts";
import { tlsFailureEvent } from "./session-tls.ts";

/** Commands that came before they could be answered; past it the client's socket is paused. */
const waitingCommandsBytesMax = 64 * 1024;

/** Serves one SMTP client on the inline proxy until its socket is closed. */
export function startSmtpSession(socket: Socket, admission: Admission): Session {
  return new SmtpSession(socket, admission);
}

class SmtpSession extends SessionSubject implements Session, ClientSocketOwner, Conversation {
  readonly greeting: SessionGreeting;
  readonly socket: ClientSocket;
  readonly timer: SessionTimer;
  readonly #message: SessionMessage;
  readonly #auth: SessionAuth;
  /** An answer is being made elsewhere: the next command waits. */
  #busy = false;
  #serving = false;
  #awaitsBodyReply = false;
  /** Until then the greeting, or an answer to a client that errs, is held back; `#release` ends that. */
  #held: NodeJS.Timeout | undefined;
  #release: (() => void) | null = null;
  #greeted = false;
  #draining = false;
  #inputEnded = false;

  constructor(socket: Socket, admission: Admission) {
    super(admission);
    const { tls = null } = admission;
    this.timer = new SessionTimer(this.definition.limits.idleTimeoutMs, () => this.#idle());
    this.socket = new ClientSocket(socket, this);
    this.greeting = new SessionGreeting(this);
    this.#message = new SessionMessage(this);
    this.#auth = new SessionAuth(this);
    if (tls?.settings.mode === "implicit") this.#secure(tls, () => this.#welcome());
    else this.#welcome();
  }

  #welcome(): void {
    const { greetingDelayMs } = this.definition.settings;
    if (greetingDelayMs === 0) return this.#greet();
    this.#holdBack(greetingDelayMs, () => this.#greet());
  }

  #greet(): void {
    const { hostName, banner } = this.definition.settings;
    this.#greeted = true;
    this.#say(answer(reply(220, null, `${hostName} ${banner}`)));
    this.socket.flush();
  }

  drain(): void {
    this.#draining = true;
    if (!this.#message.isOpen && !this.#busy) this.#close(replies.shuttingDown);
  }

  destroy(): void {
    this.socket.destroy();
  }

  received(chunk: Buffer): void {
    if (this.socket.isEnding) return;
    try {
      if (!this.#greeted) return this.stop(earlyTalk);
      // RFC 2920 §3.1: DATA is the last of its group. What follows it unasked could be taken for commands if DATA is refused.
      if (this.#awaitsBodyReply) return this.#failPipelining();
      const { body } = this.#message;
      if (body !== null) this.timer.progress(chunk.length);
      const inBody = this.machine.state === "body" && !this.#busy;
      this.machine.receive(chunk);
      if (inBody) this.#message.bodyRead();
      if (inBody && body?.decoder.ended === true) this.#message.endBody();
      this.#serve();
    } catch (error) {
      this.crash(error);
    }
  }

  inputEnded(): void {
    this.#inputEnded = true;
    // Who sends nothing more is not made to wait, and may be gone.
    this.#release?.();
    if (!this.#busy) this.#end();
  }

  writable(): void {
    this.pump();
  }

  closed(): void {
    clearTimeout(this.#held);
    try {
      this.#message.cancel("the client closed the connection");
      this.#auth.close();
    } catch (error) {
      this.crash(error);
    }
    this.machine.close();
    // Last: what ends above may set them.
    this.timer.stop();
    this.admission.onEnd();
  }

  pump(): void {
    try {
      this.#serve();
    } catch (error) {
      this.crash(error);
    }
  }

  wait<A extends unknown[]>(begin: (done: (...given: A) => void) => void, taken: (...given: A) => void): void {
    this.#busy = true;
    let within = true;
    begin((...given) => {
      this.#busy = false;
      try {
        taken(...given);
      } catch (error) {
        return this.crash(error);
      }
      if (!within) this.pump();
    });
    within = false;
  }

  #holdBack(ms: number, then: () => void): void {
    this.wait<[]>((done) => {
      this.#release = () => {
        clearTimeout(this.#held);
        this.#release = null;
        done();
      };
      if (this.#inputEnded) this.#release();
      else this.#held = setTimeout(this.#release, ms);
    }, then);
  }

  /** Answers what can be answered now, in order, and writes it at once. */
  #serve(): void {
    // A part of a message can set off the next step while it is handed on.
    if (this.#serving) return;
    this.#serving = true;
    try {
      while (!this.#busy && !this.socket.isEnding && !this.socket.isFull && !this.#message.isBlocked) {
        const input = this.machine.next();
        if (input === null) break;
        this.timer.refresh();
        this.#take(input);
      }
      if (!this.#busy && this.machine.state === "chunk") this.#message.bodyRead();
    } finally {
      this.#serving = false;
    }
    this.socket.flush();
    if (this.machine.unreadBytes > waitingCommandsBytesMax) this.socket.pause(pauseReasons.commandsWait);
    else this.socket.resume(pauseReasons.commandsWait);
    if (this.#inputEnded && !this.#busy) this.#end();
  }

  #take(input: ServerInput): void {
    switch (input.kind) {
      case "command":
        return this.#command(input.command);
      case "chunk":
        return this.#message.chunkRead(input);
      case "login":
        return this.#auth.respond(input.message);
      case "login-ended":
        return this.#auth.abandon(input.reply);
      case "refused":
        if (input.close !== null) return this.fail(input.reply, input.close);
        if (input.chunk) this.#message.cancel("BDAT out of turn");
        return this.answer(answer(input.reply));
      default:
        input satisfies never;
    }
  }

  #command(command: Command): void {
    const passed = this.limits.command(command.verb);
    if (passed !== null) return this.stop(passed);
    switch (command.verb) {
      case "EHLO":
      case "HELO":
        return this.greeting.hello(command.verb, command.name, () => this.#message.cancel(command.verb));
      case "MAIL":
        if (this.#auth.bound?.isLost) return this.fail(replies.upstreamLoginLost, "the upstream of the login is gone");
        return this.#message.mail(command, this.#auth.bound);
      case "RCPT":
        return this.#message.recipient(command);
      case "DATA":
        return this.#data();
      case "BDAT":
        return this.#message.chunk(command);
      case "RSET":
        this.#message.cancel("RSET");
        this.machine.succeed("RSET");
        return this.answer(answer(replies.reset));
      case "STARTTLS":
        return this.#startTls();
      case "AUTH":
        return this.#auth.begin(command);
      case "XCLIENT":
        return this.#xclient(command.attributes);
      case "QUIT":
        this.#message.cancel("QUIT");
        return this.answer(answer(replies.bye, true));
      default:
        return this.wait<[Reply]>(
          (done) => answerSideCommand(this.admission, command, this.definition.settings, done),
          (said) => this.answer(answer(said)),
        );
    }
  }

  /** RFC 3207 §4.2: the session begins anew, and what was sent along in the clear is thrown away (CVE-2011-0411). */
  #startTls(): void {
    const { tls = null } = this.admission;
    if (tls === null) return this.answer(answer(replies.notImplemented));
    this.#auth.close();
    this.beginTls();
    this.socket.say(formatReply(replies.startTls));
    this.#secure(tls, () => this.pump());
  }

  #secure(tls: ServerTls, then: () => void): void {
    this.#busy = true;
    this.socket.startTls(tls, (failure, agreed) => {
      this.#busy = false;
      this.client = { ...this.client, tls: agreed };
      if (failure !== null) return tlsFailureEvent(this.admission, this.client, failure);
      then();
      if (this.#draining && !this.#busy) this.#close(replies.shuttingDown);
    });
  }

  #xclient(attributes: XclientAttributes): void {
    const problem = this.become(attributes);
    if (problem === "bad-address") return this.answer(answer(replies.badSyntax));
    if (problem === "refused") return this.fail(replies.refusedAddress, "XCLIENT: the address is refused");
    this.#auth.close();
    this.#greet();
  }

  #data(): void {
    if (this.machine.unreadBytes > 0) return this.#failPipelining();
    this.#awaitsBodyReply = true;
    this.#message.data(() => {
      this.#awaitsBodyReply = false;
    });
  }

  answer(said: Answer): void {
    if (said.ban !== null) this.admission.services.bans.ban(this.client.address, said.ban);
    if (this.socket.isEnding) return;
    const delay = this.limits.answerDelayMs;
    // Bytes of a body must not come before its 354.
    if (delay === 0 || said.reply.code === replies.startBody.code) return this.#say(said);
    this.#holdBack(delay, () => this.#say(said));
  }

  #say(said: Answer): void {
    this.socket.say(formatReply(said.reply));
    const passed = this.limits.answered(said.reply);
    if (said.close) return this.#end();
    if (passed !== null) return this.stop(passed);
    if (this.#draining && !this.#message.isOpen) this.#close(replies.shuttingDown);
  }

  #failPipelining(): void {
    this.fail(replies.badPipelining, "bytes after DATA before its reply");
  }

  stop({ reply: said, words, ban }: LimitPassed): void {
    const { settings } = this.definition;
    const { bans } = this.admission.services;
    this.fail(said, ban === null ? words : banFor(ban, words, this.client.address, settings, bans));
  }

  fail(said: Reply, cause: string): void {
    const { services } = this.admission;
    const id = services.newId();
    this.#message.cancel(cause);
    services.recorder.event(sessionEvent(this.admission, this.client, { id, decision: null, reply: said, cause }));
    this.#close(said);
  }

  /** A defect of ours costs this session, not the others. */
  crash(error: unknown): void {
    const { log } = this.admission.services;
    log.error({ err: error, client: this.client }, "SMTP session fault");
    this.#busy = false;
    try {
      this.#message.cancel("a fault of ours");
    } catch (second) {
      log.error({ err: second, client: this.client }, "SMTP session fault while ending");
    }
    this.#close(replies.fault);
  }

  #close(said: Reply): void {
    this.socket.say(formatReply(said));
    this.#end();
  }

  #end(): void {
    clearTimeout(this.#held);
    this.socket.end();
    this.timer.limitClosing();
  }

  /** The client let its time pass. While we wait for others it is not its fault. */
  #idle(): void {
    if (this.socket.isEnding) return this.socket.destroy();
    if (this.#busy || this.#message.isBlocked) return this.timer.refresh();
    try {
      this.fail(replies.idle, "idleTimeoutMs");
    } catch (error) {
      this.crash(error);
    }
  }
}
