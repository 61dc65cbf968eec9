import type { Command } from "#core/smtp/command.ts";
import { reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { shortLived } from "../net/short-lived.ts";
import { type Answer, answer } from "./answer.ts";
import { beginTransaction } from "./begin-transaction.ts";
import type { BoundUpstream } from "./bound-upstream.ts";
import { pauseReasons } from "./client-socket.ts";
import type { Conversation } from "./conversation.ts";
import type { MessageBody } from "./message-body.ts";
import type { MailCommand, RecipientCommand, Transaction } from "./transaction.ts";

type ChunkCommand = Extract<Command, { verb: "BDAT" }>;

/** The message that a session is about, from MAIL to the last reply. */
export class SessionMessage {
  readonly #session: Conversation;
  #transaction: Transaction | null = null;

  constructor(session: Conversation) {
    this.#session = session;
  }

  get isOpen(): boolean {
    return this.#transaction !== null;
  }

  /** The body that is being read, or null. */
  get body(): MessageBody | null {
    return this.#transaction?.body ?? null;
  }

  /** The destination asked to pause. */
  get isBlocked(): boolean {
    const { body } = this;
    return body !== null && body.blocked && !body.decoder.ended;
  }

  /** `bound`: the connection on which the client logged in. */
  mail(command: MailCommand, bound: BoundUpstream | null): void {
    const { admission, client, greeting, machine, timer, limits, definition } = this.#session;
    const { esmtp, offered, upstreamKnown } = greeting;
    const passed = limits.messageBegun();
    if (passed !== null) return this.#session.stop(passed);
    const { said, transaction } = beginTransaction(admission, command, {
      client: { ...client, helo: client.helo ?? "", esmtp },
      bound,
      offered,
      upstreamKnown,
      fault: (error) => this.#session.crash(error),
    });
    if (transaction !== null) {
      this.#transaction = transaction;
      machine.succeed("MAIL");
      timer.beginTransaction(definition.limits.transactionTimeoutMs, () => this.#late());
    }
    this.#session.answer(said);
  }

  recipient(command: RecipientCommand): void {
    this.#session.wait<[Answer, boolean]>(
      (done) => this.#transaction?.recipient(command, done),
      (said, taken) => {
        if (taken) this.#session.machine.succeed("RCPT");
        this.#session.answer(said);
      },
    );
  }

  /** `opened` is called with what DATA came to. */
  data(opened: () => void): void {
    this.#session.wait<[Answer, boolean]>(
      (done) => this.#transaction?.open("dots", done),
      (said, taken) => {
        const { body } = this;
        opened();
        if (taken && body !== null) {
          this.#session.machine.succeed("DATA");
          this.#session.machine.beginBody(body.decoder);
          this.#watch(body);
        } else this.#end();
        this.#session.answer(said);
      },
    );
  }

  /** RFC 3030 §2: answered when its bytes were read. The server is asked once, at the first. */
  chunk(command: ChunkCommand): void {
    const { body } = this;
    if (body !== null) return this.#beginChunk(command, body);
    this.#session.wait<[Answer, boolean]>(
      (done) => this.#transaction?.open("chunks", done),
      (said, taken) => {
        const opened = this.body;
        if (taken && opened !== null) {
          this.#watch(opened);
          return this.#beginChunk(command, opened);
        }
        this.#end();
        this.#session.machine.dropChunk(command.bytes);
        this.#session.answer(said);
      },
    );
  }

  /** The bytes of a BDAT were read. A message that is refused by now is over (RFC 3030 §2). */
  chunkRead({ bytes, last }: { bytes: number; last: boolean }): void {
    const { body } = this;
    if (body === null) return;
    if (last) body.endChunks();
    body.checkFault();
    if (last || body.refusal !== null) return this.endBody();
    this.#session.answer(answer(reply(250, "2.0.0", `${bytes} octets received`)));
  }

  /** After bytes of a body. */
  bodyRead(): void {
    const { body } = this;
    if (body === null) return;
    body.checkFault();
    if (body.refusal !== null) this.#session.timer.limitSwallowing();
    if (this.isBlocked) this.#session.socket.pause(pauseReasons.destinationSlow);
  }

  endBody(): void {
    this.#session.timer.refresh();
    this.#session.timer.endTransaction();
    this.#session.wait<[Answer]>(
      (done) => this.#transaction?.end(done),
      (said) => {
        this.#session.limits.messageEnded();
        this.#end();
        this.#session.answer(said);
      },
    );
  }

  /** May be called at any time. */
  cancel(cause: string): void {
    const transaction = this.#transaction;
    this.#transaction = null;
    this.#session.timer.endTransaction();
    this.#session.timer.release();
    transaction?.cancel(cause);
  }

  #late(): void {
    try {
      this.#session.fail(replies.transactionTooLong, "transactionTimeoutMs");
    } catch (error) {
      this.#session.crash(error);
    }
  }

  #beginChunk({ bytes, last }: ChunkCommand, body: MessageBody): void {
    this.#session.machine.succeed("BDAT");
    this.#session.machine.beginChunk(bytes, last, body.decoder);
  }

  #watch(body: MessageBody): void {
    body.onUnblocked = shortLived(() => {
      this.#session.socket.resume(pauseReasons.destinationSlow);
      this.#session.pump();
    });
  }

  /** The state is as after RSET, whatever the transaction came to. */
  #end(): void {
    this.#transaction = null;
    this.#session.machine.endTransaction();
    this.#session.timer.endTransaction();
    this.#session.timer.release();
  }
}
