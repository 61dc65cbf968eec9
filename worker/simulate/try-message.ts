import { setImmediate } from "node:timers/promises";
import type { SmtpInput } from "#core/contract/simulation-input.ts";
import { offeredCapabilities } from "#core/smtp/capabilities.ts";
import { readCommand } from "#core/smtp/command.ts";
import { type Reply, replyText } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import type { Admission } from "../services.ts";
import type { Answer } from "../smtp/answer.ts";
import { beginTransaction, smtpDefinition } from "../smtp/begin-transaction.ts";
import type { MessageBody } from "../smtp/message-body.ts";
import { judgeGreeting } from "../smtp/session-greeting.ts";
import { judgeLogin } from "../smtp/session-login.ts";
import type { MailCommand, RecipientCommand, Transaction } from "../smtp/transaction.ts";
import { onTheWire } from "./wire-text.ts";

/** What was said, and what the client heard. */
export type Exchange = { said: string; reply: string | null };

/** `recipients`: how many were taken. */
export type TriedSession = { exchanges: Exchange[]; recipients: number };

const pieceBytes = 64 * 1024;

/**
 * Takes a message through the steps of a session, from its greeting to its last reply, as SMTP does over a socket. `message` null: up to the
 * recipients. `tlsRequired`: the listener takes no mail in the clear. Rejects with what a step threw, or with the signal's reason.
 */
export async function tryMessage(
  admission: Admission,
  input: SmtpInput,
  { message, tlsRequired, signal }: { message: Uint8Array | null; tlsRequired: boolean; signal: AbortSignal },
): Promise<TriedSession> {
  const trial = new MessageTrial(admission, input, tlsRequired);
  await trial.run(message, signal);
  return { exchanges: trial.exchanges, recipients: trial.taken };
}

/** How a client is taken to have logged in. */
const mechanism = "PLAIN";

class MessageTrial {
  readonly exchanges: Exchange[] = [];
  taken = 0;
  readonly #admission: Admission;
  readonly #input: SmtpInput;
  /** The listener takes no mail in the clear (RFC 3207 §4). */
  readonly #tlsRequired: boolean;
  #transaction: Transaction | null = null;
  /** We ended the session. */
  #closed = false;
  #fail: (error: unknown) => void = () => undefined;

  constructor(admission: Admission, input: SmtpInput, tlsRequired: boolean) {
    this.#tlsRequired = tlsRequired;
    this.#admission = admission;
    this.#input = input;
  }

  async run(message: Uint8Array | null, signal: AbortSignal): Promise<void> {
    const faulted = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    const cut = (): void => this.#fail(signal.reason);
    signal.addEventListener("abort", cut);
    try {
      await Promise.race([this.#steps(message, signal), faulted]);
    } finally {
      signal.removeEventListener("abort", cut);
      this.#transaction?.cancel("the trial is over");
    }
  }

  async #steps(message: Uint8Array | null, signal: AbortSignal): Promise<void> {
    if (!this.#greet()) return;
    const transaction = this.#begin(message);
    if (transaction === null) return;
    this.#transaction = transaction;
    for (const recipient of this.#input.recipients) {
      if (await this.#recipient(transaction, recipient)) this.taken++;
      if (this.#closed) return;
    }
    if (this.taken === 0 || message === null) return;
    const body = await this.#open(transaction);
    if (body === null) return;
    await pour(message, body, signal);
    const ended = await new Promise<Answer>((done) => transaction.end(done));
    this.#tell("(the message, and its end)", ended);
    this.#transaction = null;
  }

  #greet(): boolean {
    const { helo, user } = this.#input;
    const line = `EHLO ${helo}`;
    const read = readCommand(Buffer.from(line));
    if (!read.ok) return this.#told(line, read.reply);
    const refused = judgeGreeting(this.#admission, this.#client(), helo);
    if (refused !== null) return this.#told(line, refused.reply);
    this.exchanges.push({ said: line, reply: "250" });
    if (user === null) return true;
    const login = `AUTH ${mechanism}`;
    const denied = judgeLogin(this.#admission, this.#client(), mechanism);
    if (denied !== null) return this.#told(login, denied.reply);
    this.exchanges.push({ said: login, reply: "235" });
    return true;
  }

  /** The session goes no further. */
  #told(said: string, reply: Reply): false {
    this.exchanges.push({ said, reply: replyText(reply) });
    return false;
  }

  #begin(message: Uint8Array | null): Transaction | null {
    const { sender, recipients } = this.#input;
    const isPlain = [sender, ...recipients].every(isAscii);
    const offered = this.#offered();
    const eightBit = offered.eightBitMime && message?.some((byte) => byte > 127) === true ? " BODY=8BITMIME" : "";
    const line = `MAIL FROM:<${sender}>${eightBit}${offered.smtpUtf8 && !isPlain ? " SMTPUTF8" : ""}`;
    if (this.#mustStartTls()) return this.#refused(line, replies.needsTls);
    const read = readCommand(Buffer.from(line));
    if (!read.ok || read.command.verb !== "MAIL") return this.#refused(line, read.ok ? replies.badSyntax : read.reply);
    const { said, transaction } = beginTransaction(this.#admission, read.command satisfies MailCommand, {
      client: { ...this.#client(), helo: this.#input.helo, esmtp: true },
      bound: null,
      offered,
      upstreamKnown: true,
      fault: (error) => this.#fail(error),
    });
    this.#tell(line, said);
    return transaction;
  }

  #refused(said: string, reply: Reply): null {
    this.exchanges.push({ said, reply: replyText(reply) });
    return null;
  }

  async #recipient(transaction: Transaction, address: string): Promise<boolean> {
    const line = `RCPT TO:<${address}>`;
    const read = readCommand(Buffer.from(line));
    if (!read.ok || read.command.verb !== "RCPT") {
      this.exchanges.push({ said: line, reply: replyText(read.ok ? replies.badSyntax : read.reply) });
      return false;
    }
    const command: RecipientCommand = read.command;
    return new Promise((resolve) => {
      transaction.recipient(command, (said, taken) => {
        this.#tell(line, said);
        resolve(taken);
      });
    });
  }

  #open(transaction: Transaction): Promise<MessageBody | null> {
    return new Promise((resolve) => {
      transaction.open("dots", (said, opened) => {
        this.#tell("DATA", said);
        if (!opened) this.#transaction = null;
        resolve(opened ? transaction.body : null);
      });
    });
  }

  #mustStartTls(): boolean {
    return this.#tlsRequired && !this.#input.tls;
  }

  #client() {
    const { client, helo, tls, user } = this.#input;
    const auth = user === null ? null : { mechanism, user };
    return { address: client, port: 0, helo, tls: tls ? "TLSv1.3 TLS_AES_256_GCM_SHA384" : null, auth };
  }

  #offered() {
    const { policy } = this.#admission.governing;
    const { settings, limits } = smtpDefinition(policy.action.definition);
    const known =
      policy.route.protocol === "smtp" ? this.#admission.services.smtpPool.capabilities(policy.route) : null;
    return offeredCapabilities(known, { ...settings.esmtp, ...limits, startTls: false, auth: [] });
  }

  #tell(said: string, { reply, close }: Answer): void {
    this.#closed ||= close;
    this.exchanges.push({ said, reply: replyText(reply) });
  }
}

/** Writes the message as DATA carries it, and waits where the body asks to. */
async function pour(message: Uint8Array, body: MessageBody, signal: AbortSignal): Promise<void> {
  const wire = onTheWire(message);
  for (let at = 0; at < wire.length && !body.decoder.ended; at += pieceBytes) {
    body.decoder.write(wire.subarray(at, at + pieceBytes));
    body.checkFault();
    // Mail goes on meanwhile.
    await setImmediate();
    signal.throwIfAborted();
    if (body.blocked) {
      await new Promise<void>((resolve) => {
        body.onUnblocked = resolve;
      });
    }
  }
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}
