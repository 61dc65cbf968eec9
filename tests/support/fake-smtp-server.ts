import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { type FakeTls, secured } from "./fake-tls.ts";

/** What the server says to a line, in place of its usual answer; undefined: the usual one. `socket` to do worse. */
export type Answering = (line: string, socket: Socket) => string | null | undefined;

export type FakeSmtpOptions = {
  greeting?: string | null;
  /** Called with each new connection, before anything is said. */
  onConnect?: (socket: Socket) => void;
  /** EHLO keywords. */
  keywords?: string[];
  /** null: no answer at all. */
  answer?: Answering;
  /** Answers the final dot. */
  answerBody?: (body: string, socket: Socket) => string | null | undefined;
  /** Called with every received piece of a body; for a server that talks or dies in the middle. */
  tls?: FakeTls;
  duringBody?: (received: string, socket: Socket) => void;
};

export type ReceivedMail = { lines: string[]; body: string };

const usualKeywords = ["PIPELINING", "8BITMIME", "SIZE 50000000", "ENHANCEDSTATUSCODES", "SMTPUTF8", "DSN"];

/** An SMTP server of the tests: takes everything, remembers every byte, and misbehaves on demand. */
export class FakeSmtpServer {
  /** Messages answered with 2xx. */
  readonly mails: ReceivedMail[] = [];
  /** Every command line, of all connections, in order. */
  readonly lines: string[] = [];
  /** Everything received, by connection. */
  readonly received: string[] = [];
  /** Bodies that were cut before their dot. */
  cutBodies = 0;
  connections = 0;
  /** Where each connection came from. */
  readonly clientAddresses: string[] = [];
  options: FakeSmtpOptions;
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #port = 0;

  private constructor(options: FakeSmtpOptions) {
    this.options = options;
    this.#server = this.#make();
  }

  static async start(options: FakeSmtpOptions = {}): Promise<FakeSmtpServer> {
    const server = new FakeSmtpServer(options);
    await server.start();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  /** Listens; again after a stop, on the same port. */
  async start(): Promise<void> {
    this.#server = this.#make();
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection and stops listening. */
  async stop(): Promise<void> {
    this.cut();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, "close");
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #make(): Server {
    return createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
    const index = this.connections++;
    this.clientAddresses.push(socket.remoteAddress ?? "");
    this.received[index] = "";
    this.options.onConnect?.(socket);
    const { tls } = this.options;
    this.#talk(tls?.implicit === true ? secured(socket, tls) : socket, index, this.#greeting());
  }

  #greeting(): string | null {
    return this.options.greeting === undefined ? "220 fake.test ESMTP" : this.options.greeting;
  }

  #talk(socket: Socket, index: number, greeting: string | null): void {
    let pending = "";
    let inBody = false;
    let mail: string[] = [];
    const say = (text: string | null) => {
      if (text !== null && !socket.destroyed) socket.write(`${text}\r\n`);
    };
    const step = (): boolean => {
      if (inBody) {
        const end = pending.startsWith(".\r\n") ? 0 : pending.indexOf("\r\n.\r\n") + 2;
        if (end === 1) return false;
        const body = pending.slice(0, end);
        pending = pending.slice(end + 3);
        inBody = false;
        const said = this.options.answerBody?.(body, socket);
        const answer = said === undefined ? "250 2.0.0 queued" : said;
        if (answer?.startsWith("2")) this.mails.push({ lines: mail, body });
        mail = [];
        say(answer);
        return true;
      }
      const end = pending.indexOf("\r\n");
      if (end === -1) return false;
      const line = pending.slice(0, end);
      pending = pending.slice(end + 2);
      this.lines.push(line);
      const { tls } = this.options;
      if (tls !== undefined && /^STARTTLS$/i.test(line) && this.options.answer?.(line, socket) === undefined) {
        socket.removeAllListeners("data");
        pending = "";
        socket.pause();
        socket.write(`220 go\r\n${tls.injected ?? ""}`, () => this.#talk(secured(socket, tls), index, null));
        return false;
      }
      if (/^(?:MAIL|RCPT)/i.test(line)) mail.push(line);
      if (/^RSET/i.test(line)) mail = [];
      const said = this.options.answer?.(line, socket);
      const answer = said === undefined ? this.#usual(line, socket instanceof TLSSocket) : said;
      if (/^DATA/i.test(line) && answer?.startsWith("354")) inBody = true;
      say(answer);
      if (/^QUIT/i.test(line)) socket.end();
      return true;
    };
    socket.on("data", (chunk: Buffer) => {
      const text = chunk.toString("latin1");
      this.received[index] += text;
      pending += text;
      if (inBody) this.options.duringBody?.(text, socket);
      while (!socket.destroyed && step());
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (inBody) this.cutBodies++;
    });
    say(greeting);
  }

  #usual(line: string, encrypted: boolean): string {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "EHLO") {
      const offersTls = this.options.tls !== undefined && !encrypted;
      const keywords = this.options.keywords ?? [...usualKeywords, ...(offersTls ? ["STARTTLS"] : [])];
      const lines = ["fake.test", ...keywords];
      return lines.map((text, n) => `250${n === lines.length - 1 ? " " : "-"}${text}`).join("\r\n");
    }
    if (verb === "DATA") return "354 go on";
    if (verb === "QUIT") return "221 2.0.0 bye";
    return verb === "MAIL" ? "250 2.1.0 sender fine" : verb === "RCPT" ? "250 2.1.5 recipient fine" : "250 2.0.0 fine";
  }
}
