import type { Socket } from "node:net";
import { noCapabilities, readCapabilities, type SmtpCapabilities } from "#core/smtp/capabilities.ts";
import { type ClientInput, ClientMachine } from "#core/smtp/client-machine.ts";
import { type Reply, replyText } from "#core/smtp/reply.ts";
import type { ClientStep } from "#core/smtp/states.ts";
import type { UpstreamTls } from "../tls/client-tls.ts";
import { openSocket, type Place, placeName } from "./place.ts";
import type { ServerLogin } from "./sasl/server-login.ts";
import { authenticate } from "./smtp-login.ts";
import { UpstreamError, type UpstreamErrorKind } from "./upstream-error.ts";

export type SmtpConnectionOptions = {
  place: Place;
  /** Until the connection stands, the server has greeted and answered EHLO, and we have logged in. */
  connectTimeoutMs: number;
  ehloName: string;
  /** The local address to connect from; null: the system's choice. */
  sourceAddress: string | null;
  now(): number;
  tls: UpstreamTls | null;
  /** Null: mail is sent without logging in. */
  login: ServerLogin | null;
  /** A holder's callback threw. */
  fault?(error: unknown): void;
};

type ReplyTaker = (reply: Reply) => void;

const endMark = Buffer.from(".\r\n");
/** RFC 7504 §3: this host takes no mail, today or later. */
const noMailCode = 521;

/**
 * One connection to an SMTP server, greeting, EHLO, TLS and login done by itself. Its holder sends steps and hears their replies in
 * order; when it is lost, no reply comes any more and `onLost` is called, once. What is written in one turn leaves in one write.
 */
export class SmtpConnection {
  readonly target: string;
  /** Silence allowed while a reply or the taking of data is due, in milliseconds. */
  replyTimeoutMs: number;
  /** Transactions begun on it: above 0 its server may have closed it unseen. */
  transactions = 0;
  /** When it was put aside, for the pool; null: it is in use. Nothing may come meanwhile. */
  idleSince: number | null = null;
  onLost: ((error: UpstreamError) => void) | null = null;
  onDrain: (() => void) | null = null;
  #capabilities: SmtpCapabilities = noCapabilities;
  /** The TLS socket once TLS is spoken. */
  #socket: Socket;
  #tls: "none" | "handshake" | { agreed: string } = "none";
  readonly #options: SmtpConnectionOptions;
  #machine = new ClientMachine();
  readonly #takers: ReplyTaker[] = [];
  readonly #flush: () => void;
  #gathering = false;
  /** Commands of this turn, not yet written. */
  #text = "";
  #ready: (() => void) | null;
  #deadline: number;
  #closed = false;

  /** Calls `onReady` when it may be used, or `onLost` when that fails. */
  constructor(options: SmtpConnectionOptions, onReady: () => void, onLost: (error: UpstreamError) => void) {
    this.#options = options;
    this.target = placeName(options.place);
    this.replyTimeoutMs = options.connectTimeoutMs;
    this.onLost = onLost;
    this.#ready = onReady;
    this.#deadline = options.now() + options.connectTimeoutMs;
    this.#machine.expect("connect");
    this.#takers.push((reply) => this.#greeted(reply));
    this.#socket = openSocket(options.place, options.sourceAddress);
    this.#flush = () => {
      this.#gathering = false;
      this.#writeText();
      this.#socket.uncork();
    };
    if (options.tls?.settings.mode === "implicit") this.#connectTls(options.tls);
    else this.#listen();
  }

  get capabilities(): SmtpCapabilities {
    return this.#capabilities;
  }

  /** RFC 9422 §4: the server takes no further message on it. */
  get isUsedUp(): boolean {
    return this.transactions >= (this.#capabilities.messagesMax ?? Number.POSITIVE_INFINITY);
  }

  /** Version and cipher, or null: clear text. */
  get tls(): string | null {
    return typeof this.#tls === "object" ? this.#tls.agreed : null;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Replies that are still due. */
  get waiting(): number {
    return this.#machine.waiting;
  }

  /** A part of a line came that nothing asked for: the next answer would be its rest. */
  get isTainted(): boolean {
    return this.#machine.waiting === 0 && this.#machine.unreadBytes > 0;
  }

  /** Sends one command line, which must hold no line end. */
  send(step: ClientStep, line: string, taker: ReplyTaker): void {
    if (/[\r\n\0]/.test(line)) throw new Error("a line end inside a command");
    this.#expect(step, taker);
    this.#gather();
    this.#text += `${line}\r\n`;
  }

  /** Sends bytes of a message, dot-stuffed. False: pause until `onDrain`. */
  writeBody(slice: Uint8Array): boolean {
    if (this.#closed) return true;
    this.#gather();
    this.#writeText();
    const taken = this.#socket.write(slice);
    if (!taken) this.#deadline = this.#options.now() + this.replyTimeoutMs;
    return taken;
  }

  /** Sends the final dot. The message must end with CRLF. */
  endBody(taker: ReplyTaker): void {
    this.#expect("end", taker);
    this.#gather();
    this.#socket.write(endMark);
  }

  /** Bytes that the socket has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** Ends it politely; nothing is waited for. */
  quit(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onLost = null;
    this.#writeText();
    this.#socket.end("QUIT\r\n");
    // Its answer is of no use, and it must not hold the socket open.
    this.#socket.destroySoon();
  }

  /** Cuts it. `onLost` is not called. */
  destroy(): void {
    this.#closed = true;
    this.onLost = null;
    this.onDrain = null;
    this.#socket.destroy();
  }

  /** Cuts it and tells its holder through `onLost`. */
  fail(message: string): void {
    const early = this.#tls === "handshake" ? "tls" : "unreachable";
    this.#lose(this.#ready === null ? "lost" : early, message, null);
  }

  /** Called now and then: ends it when the server let its time pass. */
  checkDeadline(now: number): void {
    if (now < this.#deadline || this.#closed) return;
    if (this.#tls === "handshake") this.#lose("tls", "the TLS handshake took too long", null);
    else this.#lose("timeout", "no answer in time", null);
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => {
      if (this.#machine.waiting === 0) this.#deadline = Number.POSITIVE_INFINITY;
      this.#call(() => this.onDrain?.());
    });
    socket.on("error", (error) => this.fail(error.message));
    socket.on("close", () => this.fail("closed by the server"));
  }

  /** RFC 8314 §3: TLS from the first byte. */
  #connectTls(tls: UpstreamTls): void {
    this.#socket.on("error", (error) => this.fail(error.message));
    this.#socket.on("close", () => this.fail("closed by the server"));
    this.#socket.once("connect", () => this.#startTls(tls, () => undefined));
  }

  #startTls({ settings, client }: UpstreamTls, then: () => void): void {
    const raw = this.#socket;
    for (const event of ["data", "drain", "error", "close"]) raw.removeAllListeners(event);
    raw.on("error", () => raw.destroy());
    this.#tls = "handshake";
    try {
      this.#socket = client.start(raw, this.#options.place.host, settings, (failure, agreed) => {
        if (this.#closed) return;
        if (failure !== null || agreed === null) return this.#lose("tls", failure ?? "no TLS", null);
        this.#tls = { agreed };
        then();
      });
    } catch (error) {
      return this.#lose("tls", `TLS cannot be started: ${String(error)}`, null);
    }
    this.#listen();
  }

  /** What is written from here to the end of the turn leaves in one write. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.#socket.cork();
    process.nextTick(this.#flush);
  }

  #writeText(): void {
    if (this.#text === "") return;
    this.#socket.write(this.#text, "utf8");
    this.#text = "";
  }

  #expect(step: ClientStep, taker: ReplyTaker): void {
    if (this.#machine.waiting === 0) this.#deadline = this.#options.now() + this.replyTimeoutMs;
    this.#machine.expect(step);
    this.#takers.push(taker);
  }

  #receive(chunk: Buffer): void {
    // What is sent from here on cannot be answered by bytes that came before it.
    let due = this.#machine.waiting;
    const isIdle = this.idleSince !== null;
    this.#machine.receive(chunk);
    while (!this.#closed) {
      const input = this.#machine.next();
      if (input === null) break;
      this.#take(input.kind === "reply" && due-- <= 0 ? { kind: "early", reply: input.reply } : input);
    }
    if (isIdle) this.#lose("protocol", "unasked bytes", null);
  }

  /** Calls the holder: what fails there costs this connection, not the worker. */
  #call(holder: () => void): void {
    try {
      holder();
    } catch (error) {
      this.#options.fault?.(error);
      this.#lose("lost", "a fault of ours", null);
    }
  }

  #take(input: ClientInput): void {
    switch (input.kind) {
      case "fault":
        this.#lose("protocol", input.cause, null);
        return;
      case "early":
        // What was not asked for must not be taken for a later answer.
        this.#lose("protocol", `unasked: ${replyText(input.reply)}`, input.reply);
        return;
      case "reply": {
        const due = this.#machine.waiting > 0;
        if (this.#ready === null) {
          this.#deadline = due ? this.#options.now() + this.replyTimeoutMs : Number.POSITIVE_INFINITY;
        }
        this.#call(() => this.#takers.shift()?.(input.reply));
        return;
      }
      default:
        input satisfies never;
    }
  }

  #greeted(reply: Reply): void {
    if (reply.code !== 220) return this.#refuse(reply);
    this.#hello();
  }

  #hello(): void {
    this.send("EHLO", `EHLO ${this.#options.ehloName}`, (answer) => {
      if (answer.code === 250) return this.#choose(readCapabilities(answer.lines));
      // RFC 5321 §4.1.4: a server without EHLO says 5xx; then HELO.
      if (answer.code < 500 || answer.code === noMailCode) return this.#refuse(answer);
      this.send("HELO", `HELO ${this.#options.ehloName}`, (last) => {
        if (last.code === 250) this.#choose(noCapabilities);
        else this.#refuse(last);
      });
    });
  }

  /** Goes on to STARTTLS where the route asks for it (RFC 3207). */
  #choose(offered: SmtpCapabilities): void {
    const { tls } = this.#options;
    const mode = tls?.settings.mode ?? "none";
    if (tls === null || this.#tls !== "none" || mode === "none" || mode === "implicit") return this.#logIn(offered);
    if (!offered.startTls) {
      if (mode === "preferred") return this.#logIn(offered);
      return this.#lose("tls", "the server does not offer STARTTLS, and the route requires it", null);
    }
    // An answer that was there before the question is not the server's (the client's side of CVE-2011-0411).
    if (this.#machine.unreadBytes > 0) return this.#lose("protocol", "bytes after the EHLO reply", null);
    this.send("STARTTLS", "STARTTLS", (reply) => {
      if (reply.code !== 220) {
        if (mode === "preferred") return this.#logIn(offered);
        return this.#lose("tls", `the server refuses STARTTLS: ${replyText(reply)}`, null);
      }
      // RFC 3207 §4.2: what was learned or received in the clear is forgotten.
      this.#machine = new ClientMachine();
      this.#startTls(tls, () => this.#hello());
    });
  }

  /** RFC 4954, where the route names a credential: without it nothing is sent. */
  #logIn(offered: SmtpCapabilities): void {
    const { login } = this.#options;
    if (login === null) return this.#becomeReady(offered);
    const { host, port } = this.#options.place;
    const offer = { host, port, mechanisms: offered.auth, isSecure: this.tls !== null };
    authenticate(this, offer, login, (failure, answer) => {
      if (failure !== null) return this.#lose("auth", failure, answer);
      this.#call(() => this.#becomeReady(offered));
    });
  }

  #becomeReady(capabilities: SmtpCapabilities): void {
    const ready = this.#ready;
    this.#ready = null;
    this.#capabilities = capabilities;
    this.#deadline = Number.POSITIVE_INFINITY;
    ready?.();
  }

  #refuse(reply: Reply): void {
    const kind = reply.code === noMailCode ? "no-mail" : reply.code < 500 ? "refused-4xx" : "refused-5xx";
    this.#lose(kind, replyText(reply), reply);
  }

  #lose(kind: UpstreamErrorKind, message: string, answer: Reply | null): void {
    if (this.#closed) return;
    const { onLost } = this;
    this.destroy();
    const error = new UpstreamError(kind, this.target, message, answer);
    this.#call(() => onLost?.(error));
  }
}
