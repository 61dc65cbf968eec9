import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from "node:tls";

const replyWithinMs = 8000;

/** A client that sends exactly the bytes it is told and reads reply by reply. */
export class SmtpClient {
  #socket: Socket;
  #received = "";
  #closed = false;
  #wake: (() => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  get socket(): Socket {
    return this.#socket;
  }

  #listen(socket: Socket): void {
    socket.on("data", (chunk: Buffer) => {
      this.#received += chunk.toString("latin1");
      this.#wake?.();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#closed = true;
      this.#wake?.();
    });
  }

  /** Connects, and reads the greeting unless told not to. */
  static async connect(port: number, greeting = true): Promise<SmtpClient> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    const client = new SmtpClient(socket);
    await once(socket, "connect");
    if (greeting) await client.reply();
    return client;
  }

  /** Speaks TLS from here on; rejects with why that fails. */
  async startTls(options: ConnectionOptions = {}): Promise<TLSSocket> {
    this.#socket.removeAllListeners("data");
    const socket = tlsConnect({ socket: this.#socket, rejectUnauthorized: false, ...options });
    this.#socket = socket;
    await once(socket, "secureConnect");
    this.#listen(socket);
    return socket;
  }

  /** What came and was not read. */
  get unread(): string {
    return this.#received;
  }

  send(bytes: string): void {
    this.socket.write(bytes, "latin1");
  }

  /** The next whole reply, its lines joined by `|`; "closed" when the server closed instead. */
  async reply(): Promise<string> {
    const deadline = performance.now() + replyWithinMs;
    for (;;) {
      const [whole] = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(this.#received) ?? [];
      if (whole !== undefined) {
        this.#received = this.#received.slice(whole.length);
        return whole.trimEnd().replaceAll("\r\n", "|");
      }
      if (this.#closed) return "closed";
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`no reply in time; so far ${JSON.stringify(this.#received)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Sends a line and gives its reply. */
  async command(line: string): Promise<string> {
    this.send(`${line}\r\n`);
    return await this.reply();
  }

  /** EHLO, MAIL, RCPT and DATA; throws unless all are taken. */
  async open(
    options: { sender?: string; recipients?: string[]; parameters?: string; hello?: boolean } = {},
  ): Promise<void> {
    const { sender = "a@sender.test", recipients = ["b@inside.test"], parameters = "", hello = true } = options;
    if (hello) await this.#must("EHLO client.test");
    await this.#must(`MAIL FROM:<${sender}>${parameters}`);
    for (const recipient of recipients) await this.#must(`RCPT TO:<${recipient}>`);
    await this.#must("DATA");
  }

  /** A whole message; gives the last reply. */
  async mail(
    body: string,
    options: { sender?: string; recipients?: string[]; parameters?: string; hello?: boolean } = {},
  ): Promise<string> {
    await this.open(options);
    this.send(`${body}.\r\n`);
    return await this.reply();
  }

  close(): void {
    this.socket.destroy();
  }

  async #must(line: string): Promise<void> {
    const said = await this.command(line);
    if (!/^[23]/.test(said)) throw new Error(`${line}: ${said}`);
  }
}
