import type { Command } from "#core/smtp/command.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { ServerInput } from "#core/smtp/server-machine.ts";
import type { XclientAttributes } from "#core/smtp/xclient.ts";
import { answer } from "./answer.ts";
import { commandWords, refusedLine, routineVerbs } from "./command-words.ts";
import type { Conversation } from "./conversation.ts";
import { SessionAuth } from "./session-auth.ts";
import type { SessionMessage } from "./session-message.ts";
import { answerSideCommand } from "./session-side-commands.ts";

/** What each input of a client sets off. */
export class SessionCommands {
  readonly auth: SessionAuth;
  readonly #session: Conversation;
  readonly #message: SessionMessage;
  #awaitsBodyReply = false;

  constructor(session: Conversation, message: SessionMessage) {
    this.#session = session;
    this.#message = message;
    this.auth = new SessionAuth(session);
  }

  /** DATA was said, and the client does not know yet whether it may send the message. */
  get awaitsBodyReply(): boolean {
    return this.#awaitsBodyReply;
  }

  take(input: ServerInput): void {
    switch (input.kind) {
      case "command":
        return this.#command(input.command);
      case "chunk":
        return this.#message.chunkRead(input);
      case "login":
        return this.auth.respond(input.message);
      case "login-ended":
        return this.auth.abandon(input.reply);
      case "refused":
        this.#session.record.trace.command(refusedLine);
        if (input.close !== null) return this.#session.fail(input.reply, input.close);
        if (input.chunk) this.#message.cancel("BDAT out of turn");
        return this.#session.answer(answer(input.reply));
      default:
        input satisfies never;
    }
  }

  #command(command: Command): void {
    const { trace } = this.#session.record;
    if (routineVerbs.has(command.verb)) trace.routine(commandWords(command));
    else trace.command(commandWords(command));
    const passed = this.#session.limits.command(command.verb);
    if (passed !== null) return this.#session.stop(passed);
    switch (command.verb) {
      case "EHLO":
      case "HELO":
        return this.#session.greeting.hello(command.verb, command.name, () => this.#message.cancel(command.verb));
      case "MAIL":
        if (this.auth.bound?.isLost) return this.#failLost();
        return this.#message.mail(command, this.auth.bound);
      case "RCPT":
        return this.#message.recipient(command);
      case "DATA":
        return this.#data();
      case "BDAT":
        return this.#message.chunk(command);
      case "RSET":
        this.#message.cancel("RSET");
        this.#session.machine.succeed("RSET");
        return this.#session.answer(answer(replies.reset));
      case "STARTTLS":
        return this.#startTls();
      case "AUTH":
        return this.auth.begin(command);
      case "XCLIENT":
        return this.#xclient(command.attributes);
      case "QUIT":
        this.#session.record.ends("quit");
        this.#message.cancel("QUIT");
        return this.#session.answer(answer(replies.bye, true));
      default:
        return this.#session.wait<[Reply]>(
          (done) => answerSideCommand(this.#session.admission, command, this.#session.definition.settings, done),
          (said) => this.#session.answer(answer(said)),
        );
    }
  }

  /** RFC 3207 §4.2: the session begins anew, and what was sent along in the clear is thrown away (CVE-2011-0411). */
  #startTls(): void {
    const { tls = null } = this.#session.admission;
    if (tls === null) return this.#session.answer(answer(replies.notImplemented));
    this.auth.close();
    this.#session.beginTls();
    this.#session.reply(replies.startTls);
    this.#session.secure(tls, () => this.#session.pump());
  }

  #xclient(attributes: XclientAttributes): void {
    const problem = this.#session.become(attributes);
    if (problem === "bad-address") return this.#session.answer(answer(replies.badSyntax));
    if (problem === "refused") return this.#session.fail(replies.refusedAddress, "XCLIENT: the address is refused");
    this.auth.close();
    this.#session.greet();
  }

  #data(): void {
    if (this.#session.machine.unreadBytes > 0) return this.failPipelining();
    this.#awaitsBodyReply = true;
    this.#message.data(() => {
      this.#awaitsBodyReply = false;
    });
  }

  #failLost(): void {
    const cause = "the upstream of the login is gone";
    this.#session.record.ends("lost", cause);
    this.#session.fail(replies.upstreamLoginLost, cause);
  }

  failPipelining(): void {
    this.#session.fail(replies.badPipelining, "bytes after DATA before its reply");
  }
}
