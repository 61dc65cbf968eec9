import type { Socket } from "node:net";
import type { LiveSession } from "#core/contract/live-session.ts";
import { formatReply, type Reply, reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { banFor } from "../net/auto-ban.ts";
import type { Admission, Session } from "../services.ts";
import type { ServerTls } from "../tls/server-tls.ts";
import { type Answer, answer } from "./answer.ts";
import { ClientSocket, type ClientSocketOwner, pauseReasons } from "./client-socket.ts";
import { endOfMessage } from "./command-words.ts";
import type { Conversation } from "./conversation.ts";
import { HeldBack } from "./held-back.ts";
import { sessionEvent } from "./message-record.ts";
import { SessionCommands } from "./session-commands.ts";
import { SessionGreeting } from "./session-greeting.ts";
import { earlyTalk, type LimitPassed } from "./session-limits.ts";
import { SessionMessage } from "./session-message.ts";
import { SessionSubject } from "./session-subject.ts";
import { SessionTimer } from "./session-timer.ts";
import { tlsFailureEvent } from "./session-tls.ts";
import { sessionView } from "./session-view.ts";

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
  readonly #commands: SessionCommands;
  readonly #message: SessionMessage;
  /** An answer is being made elsewhere: the next command waits. */
  #busy = false;
  #serving = false;
  readonly #held = new HeldBack();
  #greeted = false;
  /** What the client hears when what it is about is done; null: the session goes on. */
  #parting: Reply | null = null;
  #inputEnded = false;

  constructor(socket: Socket, admission: Admission) {
    super(admission);
    const { tls = null } = admission;
    this.timer = new SessionTimer(this.definition.limits.idleTimeoutMs, () => this.#idle());
    this.socket = new ClientSocket(socket, this);
    this.greeting = new SessionGreeting(this);
    this.#message = new SessionMessage(this);
    this.#commands = new SessionCommands(this, this.#message);
    if (tls?.settings.mode === "implicit") this.secure(tls, () => this.#welcome());
    else this.#welcome();
  }

  #welcome(): void {
    const { greetingDelayMs } = this.definition.settings;
    if (greetingDelayMs === 0) return this.greet();
    this.#holdBack(greetingDelayMs, () => this.greet());
  }

  greet(): void {
    const { hostName, banner } = this.definition.settings;
    this.#greeted = true;
    this.#say(answer(reply(220, null, `${hostName} ${banner}`)));
    this.socket.flush();
  }

  get id(): string {
    return this.record.id;
  }

  drain(): void {
    this.record.ends("stopped");
    this.#parting ??= replies.shuttingDown;
    if (!this.#message.isOpen && !this.#busy) this.#close(this.#parting);
  }

  destroy(): void {
    this.record.ends("stopped");
    this.socket.destroy();
  }

  kill(): void {
    this.record.ends("killed");
    this.#parting = replies.killed;
    this.#held.release();
    // What others are asked about is answered first: a message that they took must not be sent again.
    if (!this.#busy && !this.socket.isEnding) this.#part(this.#parting);
  }

  live(): LiveSession {
    return this.record.live(sessionView(this));
  }

  received(chunk: Buffer): void {
    if (this.socket.isEnding) return;
    try {
      if (!this.#greeted) return this.stop(earlyTalk);
      // RFC 2920 §3.1: DATA is the last of its group. What follows it unasked could be taken for commands if DATA is refused.
      if (this.#commands.awaitsBodyReply) return this.#commands.failPipelining();
      const { body } = this.#message;
      if (body !== null) this.timer.progress(chunk.length);
      const inBody = this.machine.state === "body" && !this.#busy;
      this.machine.receive(chunk);
      if (inBody) this.#message.bodyRead();
      if (inBody && body?.decoder.ended === true) this.#endBody();
      this.#serve();
    } catch (error) {
      this.crash(error);
    }
  }

  inputEnded(): void {
    this.#inputEnded = true;
    // Who sends nothing more is not made to wait, and may be gone.
    this.#held.release();
    if (!this.#busy) this.#end();
  }

  writable(): void {
    this.pump();
  }

  closed(): void {
    this.#held.cancel();
    try {
      this.#message.cancel("the client closed the connection");
      this.#commands.auth.close();
      this.record.close(sessionView(this));
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
    this.wait<[]>((done) => (this.#inputEnded ? done() : this.#held.hold(ms, done)), then);
  }

  #endBody(): void {
    this.record.trace.routine(endOfMessage);
    this.#message.endBody();
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
        this.#commands.take(input);
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

  secure(tls: ServerTls, then: () => void): void {
    this.#busy = true;
    this.socket.startTls(tls, (failure, agreed) => {
      this.#busy = false;
      this.client = { ...this.client, tls: agreed };
      if (failure !== null) return this.#failTls(failure);
      then();
      if (this.#parting !== null && !this.#busy) this.#close(this.#parting);
    });
  }

  #failTls(failure: string): void {
    this.record.ends("left", failure);
    tlsFailureEvent(this.admission, this.client, failure);
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
    this.reply(said.reply);
    const passed = this.limits.answered(said.reply);
    if (said.close) this.record.ends("refused");
    if (said.close) return this.#end();
    if (passed !== null) return this.stop(passed);
    if (this.#parting !== null) this.#part(this.#parting);
  }

  reply(said: Reply): void {
    const text = formatReply(said);
    this.socket.say(text);
    this.record.trace.reply(text);
  }

  /** Who is stopped finishes the message; who is killed does not. */
  #part(said: Reply): void {
    if (said === replies.killed) this.#message.cancel("the session was ended by a person");
    if (!this.#message.isOpen) this.#close(said);
  }

  stop({ reply: said, words, ban }: LimitPassed): void {
    const { settings } = this.definition;
    const { bans } = this.admission.services;
    this.fail(said, ban === null ? words : banFor(ban, words, this.client.address, settings, bans));
  }

  fail(said: Reply, cause: string): void {
    const { services } = this.admission;
    const id = services.newId();
    this.record.ends("refused", cause);
    this.#message.cancel(cause);
    services.recorder.event(sessionEvent(this.admission, this.client, { id, decision: null, reply: said, cause }));
    this.#close(said);
  }

  /** A defect of ours costs this session, not the others. */
  crash(error: unknown): void {
    const { log } = this.admission.services;
    log.error({ err: error, client: this.client }, "SMTP session fault");
    this.record.ends("fault");
    this.#busy = false;
    try {
      this.#message.cancel("a fault of ours");
    } catch (second) {
      log.error({ err: second, client: this.client }, "SMTP session fault while ending");
    }
    this.#close(replies.fault);
  }

  #close(said: Reply): void {
    this.reply(said);
    this.#end();
  }

  #end(): void {
    this.#held.cancel();
    this.socket.end();
    this.timer.limitClosing();
  }

  /** The client let its time pass. While we wait for others it is not its fault. */
  #idle(): void {
    if (this.socket.isEnding) return this.socket.destroy();
    if (this.#busy || this.#message.isBlocked) return this.timer.refresh();
    this.record.ends("idle", "idleTimeoutMs");
    try {
      this.fail(replies.idle, "idleTimeoutMs");
    } catch (error) {
      this.crash(error);
    }
  }
}
