import type { SmtpRoute } from "#core/contract/policy-document.ts";
import { foldAscii } from "#core/match/ascii-fold.ts";
import type { SmtpCapabilities } from "#core/smtp/capabilities.ts";
import type { Reply } from "#core/smtp/reply.ts";
import { replies } from "#core/smtp/reply-codes.ts";
import { shortLived } from "../net/short-lived.ts";
import type { SmtpConnection } from "./smtp-connection.ts";
import type { UpstreamError } from "./upstream-error.ts";

/** The sender's side of an envelope. `parameters` as in MAIL, SIZE left out; `size` in bytes, or null. Empty sender: the null path. */
export type MailEnvelope = { sender: string; parameters: readonly string[]; size: number | null };
export type EnvelopeRecipient = { address: string; parameters: readonly string[] };

/** A conversation with a server, as its holder uses it. */
export type LeasedConnection = Pick<
  SmtpConnection,
  | "target"
  | "tls"
  | "closed"
  | "capabilities"
  | "transactions"
  | "waiting"
  | "unsentBytes"
  | "onLost"
  | "onDrain"
  | "send"
  | "writeBody"
  | "endBody"
>;
export type LeaseTaker = (error: UpstreamError | null, connection: LeasedConnection | null) => void;

/** Where a transaction has its connection from: the pool, or what a session keeps for itself. */
export interface SmtpLeases {
  lease(route: SmtpRoute, domain: string, done: LeaseTaker, fresh?: boolean): void;
  release(connection: LeasedConnection): void;
  drop(connection: LeasedConnection): void;
}

/** Exactly one of both is given. */
export type ReplyOrError = (error: UpstreamError | null, reply: Reply | null) => void;

type Step = {
  step: "MAIL" | "RCPT";
  line: (offered: SmtpCapabilities) => string;
  done: ReplyOrError;
};

/**
 * One message to one upstream server: leases a connection at the first recipient, sends MAIL with it, and gives the server's own
 * replies. Recipients that belong in another transaction (of another domain where the route goes by MX, or past the server's limits)
 * hear 452 4.5.3 and nothing is asked. A used connection that turns out dead before it answered MAIL is replaced by a fresh one, once and unseen.
 * Its owner ends it with `abort` unless `end` or an error was called back. Every callback is called at most once.
 */
export class SmtpTransaction {
  /** The connection was lost while no callback was due. */
  onLost: ((error: UpstreamError) => void) | null = null;
  onDrain: (() => void) | null = null;
  readonly #pool: SmtpLeases;
  readonly #route: SmtpRoute;
  readonly #mail: MailEnvelope;
  /** Of the first recipient: a route by MX leads to the servers of this domain. */
  #domain: string | null = null;
  /** Recipients that the connection in use was asked about. */
  #asked = 0;
  #connection: LeasedConnection | null = null;
  #target: string | null = null;
  #tls: string | null = null;
  /** Not answered yet, in order; the first `#sent` are on their way. */
  readonly #steps: Step[] = [];
  #sent = 0;
  #state: "new" | "leasing" | "open" | "body" | "over" = "new";
  #mailAnswer: Reply | null = null;
  #retried = false;
  #bodyDone: ReplyOrError | null = null;
  /** Why it ended; given to whoever asks for more. */
  #failure: UpstreamError | null = null;

  constructor(pool: SmtpLeases, route: SmtpRoute, mail: MailEnvelope) {
    this.#pool = pool;
    this.#route = route;
    this.#mail = mail;
  }

  /** The server that was reached, `host:port`. */
  get target(): string | null {
    return this.#target;
  }

  /** Version and cipher of the connection that was used; null: clear text. */
  get tls(): string | null {
    return this.#tls;
  }

  /** What the connection in use offers; null before there is one. */
  get capabilities(): SmtpCapabilities | null {
    return this.#connection?.capabilities ?? null;
  }

  /** Whether the server said yes to MAIL. */
  get senderTaken(): boolean {
    return this.#mailAnswer !== null && this.#mailAnswer.code < 400;
  }

  get unsentBytes(): number {
    return this.#connection?.unsentBytes ?? 0;
  }

  /** Asks the server to take a recipient. When it refused the sender, its answer to that is given for each recipient. */
  recipient({ address, parameters }: EnvelopeRecipient, done: ReplyOrError): void {
    if (this.#failure !== null) return done(this.#failure, null);
    if (this.#mailAnswer !== null && this.#mailAnswer.code >= 400) return done(null, this.#mailAnswer);
    const domain = domainOf(address);
    this.#domain ??= domain;
    if (this.#route.lookup === "mx" && domain !== this.#domain) return done(null, replies.tooManyRecipients);
    this.#steps.push({ step: "RCPT", done, line: (offered) => recipientLine(address, parameters, offered) });
    if (this.#state === "new") this.#lease(false);
    else this.#send();
  }

  /** Sends DATA; after a reply of 354 the body follows. Only when a recipient was taken and no reply is due. */
  data(done: ReplyOrError): void {
    if (this.#failure !== null) return done(this.#failure, null);
    this.#bodyDone = done;
    this.#connection?.send("DATA", "DATA", (reply) => {
      if (reply.code === 354) this.#state = "body";
      this.#bodyDone = null;
      done(null, reply);
    });
  }

  /** Sends a part of the body, dot-stuffed. False: pause until `onDrain`. */
  write(slice: Uint8Array): boolean {
    return this.#connection?.writeBody(slice) ?? true;
  }

  /** Sends the final dot and gives the server's verdict. */
  end(done: ReplyOrError): void {
    if (this.#failure !== null) return done(this.#failure, null);
    this.#bodyDone = done;
    this.#connection?.endBody((reply) => {
      this.#state = "open";
      this.#bodyDone = null;
      const connection = this.#leave();
      if (connection !== null) this.#pool.release(connection);
      done(null, reply);
    });
  }

  /** Leaves without a message: inside the body the connection is cut before the dot, else reset and kept. May be called twice. */
  abort(): void {
    const inBody = this.#state === "body";
    const connection = this.#leave();
    this.#steps.length = 0;
    if (connection === null) return;
    if (inBody || connection.waiting > 0 || connection.closed) return this.#pool.drop(connection);
    connection.onLost = shortLived(() => this.#pool.drop(connection));
    connection.send("RSET", "RSET", (reply) => {
      if (reply.code === 250) this.#pool.release(connection);
      else this.#pool.drop(connection);
    });
  }

  #leave(): LeasedConnection | null {
    const connection = this.#connection;
    this.#connection = null;
    this.#state = "over";
    if (connection !== null) {
      connection.onLost = null;
      connection.onDrain = null;
    }
    return connection;
  }

  #lease(fresh: boolean): void {
    this.#state = "leasing";
    const taken = (error: UpstreamError | null, connection: LeasedConnection | null) => {
      if (this.#state === "over") {
        if (connection !== null) this.#pool.release(connection);
      } else if (connection === null) {
        if (error !== null) this.#fail(error);
      } else this.#open(connection);
    };
    this.#pool.lease(this.#route, this.#domain ?? "", taken, fresh);
  }

  #open(connection: LeasedConnection): void {
    this.#connection = connection;
    this.#target = connection.target;
    this.#tls = connection.tls;
    this.#state = "open";
    this.#sent = 0;
    this.#asked = 0;
    const used = connection.transactions > 0;
    connection.transactions++;
    connection.onLost = shortLived((error) => this.#lost(error, used));
    connection.onDrain = shortLived(() => this.onDrain?.());
    if (this.#mail.parameters.includes("SMTPUTF8") && !connection.capabilities.smtpUtf8) return this.#refuseAll();
    if (this.#steps[0]?.step !== "MAIL") {
      this.#steps.unshift({
        step: "MAIL",
        line: (offered) => mailLine(this.#mail, offered),
        done: (_error, reply) => this.#mailAnswered(reply),
      });
    }
    this.#send();
  }

  /** RFC 6531 §3.2: such a message must not go to a server that does not offer SMTPUTF8. */
  #refuseAll(): void {
    this.#mailAnswer = replies.utf8NotTaken;
    const connection = this.#leave();
    if (connection !== null) this.#pool.release(connection);
    for (const { done } of this.#steps.splice(0)) done(null, replies.utf8NotTaken);
  }

  /** Sends what waits: all at once where the server takes pipelining (RFC 2920), else one after the other's reply. */
  #send(): void {
    const connection = this.#connection;
    if (connection === null || this.#state !== "open") return;
    while (this.#sent < this.#steps.length && (connection.capabilities.pipelining || connection.waiting === 0)) {
      const step = this.#steps[this.#sent];
      if (step === undefined) return;
      if (!this.#mayAsk(step, connection)) {
        this.#steps.splice(this.#sent, 1);
        step.done(null, replies.tooManyRecipients);
        continue;
      }
      this.#sent++;
      connection.send(step.step, step.line(connection.capabilities), (reply) => this.#answered(step, reply));
    }
  }

  /** RFC 9422 §4: more than the server told beforehand that it takes is not asked. */
  #mayAsk({ step }: Step, { capabilities }: LeasedConnection): boolean {
    if (step === "MAIL") return true;
    if (this.#asked >= (capabilities.recipientsMax ?? Number.POSITIVE_INFINITY)) return false;
    this.#asked++;
    return true;
  }

  #answered(step: Step, reply: Reply): void {
    // RFC 5321 §3.8: 421 may answer any command; the server closes.
    if (step.step === "MAIL" && reply.code === 421 && this.#retry()) return;
    this.#steps.shift();
    this.#sent--;
    const refusedSender = step.step === "RCPT" && this.#mailAnswer !== null && this.#mailAnswer.code >= 400;
    step.done(null, refusedSender ? this.#mailAnswer : reply);
    this.#send();
  }

  #mailAnswered(reply: Reply | null): void {
    this.#mailAnswer = reply;
    if (reply === null || reply.code < 400 || (this.#connection?.waiting ?? 0) > 0) return;
    for (const { done } of this.#steps.splice(0)) done(null, reply);
    this.#sent = 0;
  }

  #retry(): boolean {
    const connection = this.#connection;
    if (this.#retried || connection === null || connection.transactions < 2) return false;
    this.#retried = true;
    this.#connection = null;
    // What is replaced counts for nothing: until there is another, no server was reached.
    this.#target = null;
    this.#pool.drop(connection);
    this.#lease(true);
    return true;
  }

  #lost(error: UpstreamError, used: boolean): void {
    if (used && this.#steps[0]?.step === "MAIL" && this.#retry()) return;
    this.#fail(error);
  }

  #fail(error: UpstreamError): void {
    this.#failure = error;
    const connection = this.#leave();
    if (connection !== null) this.#pool.drop(connection);
    const due = this.#steps.splice(0).filter(({ step }) => step === "RCPT");
    const bodyDone = this.#bodyDone;
    this.#bodyDone = null;
    for (const { done } of due) done(error, null);
    if (bodyDone !== null) bodyDone(error, null);
    else if (due.length === 0) this.onLost?.(error);
  }
}

function mailLine({ sender, parameters, size }: MailEnvelope, offered: SmtpCapabilities): string {
  const passed = parameters.filter((parameter) => isOffered(parameter, offered));
  if (offered.size !== null && size !== null) passed.unshift(`SIZE=${size}`);
  return [`MAIL FROM:<${sender}>`, ...passed].join(" ");
}

function recipientLine(address: string, parameters: readonly string[], offered: SmtpCapabilities): string {
  return [`RCPT TO:<${address}>`, ...parameters.filter((parameter) => isOffered(parameter, offered))].join(" ");
}

/** What this very server does not offer is not sent; whether the message may go without it is judged elsewhere. */
function isOffered(parameter: string, offered: SmtpCapabilities): boolean {
  const [keyword] = parameter.split("=", 1);
  if (keyword === "BODY") return offered.eightBitMime;
  if (keyword === "AUTH") return offered.auth.length > 0;
  return keyword === "SMTPUTF8" ? offered.smtpUtf8 : offered.dsn;
}

/** What follows the last `@`: a quoted local part may hold one too. */
export function domainOf(address: string): string {
  return foldAscii(address.slice(address.lastIndexOf("@") + 1));
}
