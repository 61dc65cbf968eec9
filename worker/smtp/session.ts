import type { Socket } from "node:net";
import type { SmtpProxyAction } from "#core/contract/policy-document.ts";
import { noCapabilities, type SmtpCapabilities } from "#core/smtp/capabilities.ts";
import type { Command } from "#core/smtp/command.ts";
import { formatReply, type Reply, reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { ServerMachine } from "#core/smtp/server-machine.ts";
import type { Admission, Session } from "../services.ts";
import type { ServerTls } from "../tls/server-tls.ts";
import { type Answer, answer } from "./answer.ts";
import { beginTransaction, smtpDefinition } from "./begin-transaction.ts";
import { ClientSocket, type ClientSocketOwner, pauseReasons } from "./client-socket.ts";
import { ehloGreeting, type Greeting, heloGreeting, judgeGreeting, upstreamOffer } from "./greeting.ts";
import { type Client, sessionEvent } from "./message-record.ts";
import { SessionTimer } from "./session-timer.ts";
import { startTlsState, tlsFailureEvent } from "./session-tls.ts";
import { sideReplies } from "./side-replies.ts";
import type { MailCommand, RecipientCommand, Transaction } from "./transaction.ts";

/** Commands that came before they could be answered; past it the client's socket is paused. */
const waitingCommandsBytesMax = 64 * 1024;

/** Serves one SMTP client on the inline proxy until its socket is closed. */
export function startSmtpSession(socket: Socket, admission: Admission): Session {
  return new SmtpSession(socket, admission);
}

class SmtpSession implements Session, ClientSocketOwner {
  readonly #admission: Admission;
  readonly #definition: SmtpProxyAction;
  readonly #socket: ClientSocket;
  #machine: ServerMachine;
  readonly #timer: SessionTimer;
  readonly #client: Client;
  #offered: SmtpCapabilities = noCapabilities;
  #esmtp = false;
  #transaction: Transaction | null = null;
  /** An answer is being made elsewhere: the next command waits. */
  #busy = false;
  #awaitsBodyReply = false;
  #errors = 0;
  #draining = false;
  #inputEnded = false;

  constructor(socket: Socket, admission: Admission) {
    this.#admission = admission;
    this.#definition = smtpDefinition(admission.governing.policy.action.definition);
    const { limits } = this.#definition;
    const { tls = null } = admission;
    this.#client = { ...admission.client, helo: null, tls: null };
    this.#machine = new ServerMachine(limits.commandBytesMax, startTlsState(tls));
    this.#timer = new SessionTimer(limits.idleTimeoutMs, () => this.#idle());
    this.#socket = new ClientSocket(socket, this);
    if (tls?.settings.mode === "implicit") this.#secure(tls, () => this.#welcome());
    else this.#welcome();
  }

  #welcome(): void {
    this.#socket.say(formatReply(reply(220, null, `${this.#definition.settings.hostName} ESMTP`)));
    this.#socket.flush();
  }

  drain(): void {
    this.#draining = true;
    if (this.#transaction === null && !this.#busy) this.#close(replies.shuttingDown);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  received(chunk: Buffer): void {
    if (this.#socket.isEnding) return;
    // RFC 2920 §3.1: DATA is the last of its group. What follows it unasked could be taken for commands if DATA is refused.
    if (this.#awaitsBodyReply) return this.#failPipelining();
    const body = this.#transaction?.body ?? null;
    if (body !== null) this.#timer.progress(chunk.length);
    try {
      this.#machine.receive(chunk);
      if (body !== null && !this.#busy) this.#readBody();
      else this.#serve();
    } catch (error) {
      this.#crash(error);
    }
  }

  inputEnded(): void {
    this.#inputEnded = true;
    if (!this.#busy) this.#end();
  }

  writable(): void {
    this.#pump();
  }

  closed(): void {
    this.#timer.stop();
    try {
      this.#cancel("the client closed the connection");
    } catch (error) {
      this.#crash(error);
    }
    this.#machine.close();
    this.#admission.onEnd();
  }

  /** Goes on after something else than the client's bytes. */
  #pump(): void {
    try {
      this.#serve();
    } catch (error) {
      this.#crash(error);
    }
  }

  /** Answers what can be answered now, in order, and writes it at once. */
  #serve(): void {
    while (!this.#busy && !this.#socket.isEnding && !this.#socket.isFull) {
      const input = this.#machine.next();
      if (input === null) break;
      this.#timer.refresh();
      if (input.kind === "command") this.#command(input.command);
      else if (input.close) this.#fail(input.reply, "another protocol is spoken");
      else this.#answer(answer(input.reply));
    }
    this.#socket.flush();
    if (this.#machine.unreadBytes > waitingCommandsBytesMax) this.#socket.pause(pauseReasons.commandsWait);
    else this.#socket.resume(pauseReasons.commandsWait);
    if (this.#inputEnded && !this.#busy) this.#end();
  }

  #command(command: Command): void {
    switch (command.verb) {
      case "EHLO":
      case "HELO":
        return this.#hello(command.verb, command.name);
      case "MAIL":
        return this.#answer(this.#mail(command));
      case "RCPT":
        return this.#recipient(command);
      case "DATA":
        return this.#data();
      case "RSET":
        this.#cancel("RSET");
        this.#machine.succeed("RSET");
        return this.#answer(answer(replies.reset));
      case "STARTTLS":
        return this.#startTls();
      case "NOOP":
      case "VRFY":
      case "EXPN":
      case "HELP":
        return this.#answer(answer(sideReplies[command.verb]));
      case "QUIT":
        this.#cancel("QUIT");
        return this.#answer(answer(replies.bye, true));
      default:
        command satisfies never;
    }
  }

  #hello(verb: "EHLO" | "HELO", name: string): void {
    const refused = judgeGreeting(this.#admission, { ...this.#client, helo: name }, name);
    // The name that was refused is not the session's: the greeting before it, if any, still stands.
    if (refused !== null) return this.#answer(refused);
    this.#client.helo = name;
    // RFC 5321 §4.1.4: EHLO resets like RSET.
    this.#cancel(verb);
    this.#machine.succeed(verb);
    this.#esmtp = verb === "EHLO";
    if (verb === "HELO") return this.#greet(heloGreeting(this.#definition));
    this.#busy = true;
    let within = true;
    upstreamOffer(this.#admission, (upstream) => {
      try {
        this.#busy = false;
        this.#greet(ehloGreeting(this.#definition, upstream, { startTls: this.#machine.offersTls, auth: [] }));
      } catch (error) {
        return this.#crash(error);
      }
      if (!within) this.#pump();
    });
    within = false;
  }

  #greet(greeting: Greeting): void {
    this.#offered = greeting.offered;
    this.#answer(greeting.answer);
  }

  /** RFC 3207 §4.2: the session begins anew, and what was sent along in the clear is thrown away (CVE-2011-0411). */
  #startTls(): void {
    const { tls = null } = this.#admission;
    if (tls === null) return this.#answer(answer(replies.notImplemented));
    this.#machine.close();
    this.#machine = new ServerMachine(this.#definition.limits.commandBytesMax, "active");
    this.#client.helo = null;
    // The rest is made anew by the EHLO that the state asks for.
    this.#socket.say(formatReply(replies.startTls));
    this.#secure(tls, () => this.#pump());
  }

  #secure(tls: ServerTls, then: () => void): void {
    this.#busy = true;
    this.#socket.startTls(tls, (failure, agreed) => {
      this.#busy = false;
      this.#client.tls = agreed;
      if (failure !== null) return tlsFailureEvent(this.#admission, this.#client, failure);
      then();
      if (this.#draining) this.#close(replies.shuttingDown);
    });
  }

  #mail(command: MailCommand): Answer {
    const { said, transaction } = beginTransaction(this.#admission, command, {
      client: { ...this.#client, helo: this.#client.helo ?? "", esmtp: this.#esmtp },
      offered: this.#offered,
      fault: (error) => this.#crash(error),
    });
    if (transaction === null) return said;
    this.#transaction = transaction;
    this.#machine.succeed("MAIL");
    return said;
  }

  #recipient(command: RecipientCommand): void {
    this.#busy = true;
    let within = true;
    this.#transaction?.recipient(command, (said, taken) => {
      this.#busy = false;
      if (taken) this.#machine.succeed("RCPT");
      this.#answer(said);
      if (!within) this.#pump();
    });
    within = false;
  }

  #data(): void {
    if (this.#machine.unreadBytes > 0) return this.#failPipelining();
    this.#busy = true;
    this.#awaitsBodyReply = true;
    let within = true;
    this.#transaction?.open((said, opened) => {
      this.#busy = false;
      this.#awaitsBodyReply = false;
      const body = this.#transaction?.body ?? null;
      if (opened && body !== null) {
        this.#machine.succeed("DATA");
        this.#machine.beginBody(body.decoder);
        body.onUnblocked = () => this.#socket.resume(pauseReasons.destinationSlow);
      } else this.#endTransaction();
      this.#answer(said);
      if (!within) this.#pump();
    });
    within = false;
  }

  /** After each chunk of a body. */
  #readBody(): void {
    const body = this.#transaction?.body ?? null;
    if (body === null) return;
    body.checkFault();
    if (body.refusal !== null) this.#timer.limitSwallowing();
    if (body.decoder.ended) this.#endBody();
    else if (body.blocked) this.#socket.pause(pauseReasons.destinationSlow);
  }

  #endBody(): void {
    this.#busy = true;
    this.#timer.refresh();
    const transaction = this.#transaction;
    transaction?.end((said) => {
      this.#busy = false;
      this.#endTransaction();
      this.#answer(said);
      this.#pump();
    });
  }

  /** The state is as after RSET, whatever the transaction came to. */
  #endTransaction(): void {
    this.#transaction = null;
    this.#machine.endTransaction();
    this.#timer.release();
  }

  #cancel(cause: string): void {
    this.#transaction?.cancel(cause);
    this.#transaction = null;
  }

  #answer(said: Answer): void {
    if (said.ban !== null) this.#admission.services.bans.ban(this.#client.address, said.ban);
    if (this.#socket.isEnding) return;
    this.#socket.say(formatReply(said.reply));
    if (said.reply.code >= 500) this.#errors++;
    if (said.close) return this.#end();
    if (this.#errors >= this.#definition.limits.errorsMax) return this.#fail(replies.tooManyErrors, "errorsMax");
    if (this.#draining && this.#transaction === null) this.#close(replies.shuttingDown);
  }

  #failPipelining(): void {
    this.#fail(replies.badPipelining, "bytes after DATA before its reply");
  }

  /** Ends the session for what the client did. */
  #fail(said: Reply, cause: string): void {
    const { services } = this.#admission;
    const id = services.newId();
    this.#cancel(cause);
    services.recorder.event(sessionEvent(this.#admission, this.#client, { id, decision: null, reply: said, cause }));
    this.#close(said);
  }

  /** A defect of ours costs this session, not the others. */
  #crash(error: unknown): void {
    this.#admission.services.log.error({ err: error, client: this.#client }, "SMTP session fault");
    const transaction = this.#transaction;
    this.#transaction = null;
    this.#busy = false;
    this.#close(replies.fault);
    try {
      transaction?.cancel("a fault of ours");
    } catch (second) {
      this.#admission.services.log.error({ err: second, client: this.#client }, "SMTP session fault while ending");
    }
  }

  #close(said: Reply): void {
    this.#socket.say(formatReply(said));
    this.#end();
  }

  #end(): void {
    this.#socket.end();
    this.#timer.limitClosing();
  }

  /** The client let its time pass. While we wait for others it is not its fault. */
  #idle(): void {
    if (this.#socket.isEnding) return this.#socket.destroy();
    if (this.#busy || (this.#transaction?.body?.blocked ?? false)) return this.#timer.refresh();
    try {
      this.#cancel("idleTimeoutMs");
      this.#close(replies.idle);
    } catch (error) {
      this.#crash(error);
    }
  }
}
