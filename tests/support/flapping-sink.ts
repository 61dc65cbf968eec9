import { createServer, type Server, type Socket } from "node:net";

/** What became of the answer to a message. unsent: the client was dead before. unread: it was in the client's system when the client died. */
export type Answer = "sent" | "unsent" | "unread";
/** `at` as `process.hrtime`. */
export type Taken = { answer: Answer; at: bigint };

/**
 * A mail server that can go away and come back on its port: while down nothing listens and every connection is cut.
 * `onMessage` hears each message in full, dots undone, before its 250 is sent; a cut connection may lose that 250. With one
 * client only, and told when that died, it knows what this could learn.
 */
export class FlappingSink {
  readonly port: number;
  /** Messages taken. */
  taken = 0;
  readonly #onMessage: (message: string, taken: Taken) => void;
  readonly #sockets = new Set<Socket>();
  /** Of a client that is dead. */
  readonly #orphans = new WeakSet<Socket>();
  /** From the client that lives. */
  #taken: Taken[] = [];
  #server: Server | null = null;

  constructor(port: number, onMessage: (message: string, taken: Taken) => void) {
    this.port = port;
    this.#onMessage = onMessage;
  }

  get isUp(): boolean {
    return this.#server !== null;
  }

  async up(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    });
  }

  async down(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }

  /** Call it before the next client begins; `at` as `process.hrtime`. */
  clientDied(at: bigint): void {
    for (const taken of this.#taken) if (taken.at >= at) taken.answer = "unsent";
    this.#taken = [];
    for (const socket of this.#sockets) this.#orphans.add(socket);
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let unread = "";
    let inData = false;
    let last: Taken | null = null;
    socket.setNoDelay(true);
    // A system whose process dies with octets unread answers them with a reset.
    socket.on("error", () => {
      if (last?.answer === "sent") last.answer = "unread";
    });
    socket.on("close", () => this.#sockets.delete(socket));
    socket.write("220 sink.test ESMTP\r\n");
    socket.on("data", (chunk: Buffer) => {
      unread += chunk.toString("latin1");
      for (;;) {
        const mark = inData ? "\r\n.\r\n" : "\r\n";
        const end = unread.indexOf(mark);
        if (end < 0) return;
        const text = unread.slice(0, end);
        unread = unread.slice(end + mark.length);
        if (inData) {
          inData = false;
          this.taken += 1;
          last = { answer: this.#orphans.has(socket) ? "unsent" : "sent", at: process.hrtime.bigint() };
          this.#taken.push(last);
          this.#onMessage(`${text}\r\n`.replace(/^\.\./gm, "."), last);
          socket.write("250 2.0.0 taken\r\n");
        } else {
          inData = text.toUpperCase() === "DATA";
          answer(socket, text.slice(0, 4).toUpperCase());
        }
      }
    });
  }
}

function answer(socket: Socket, verb: string): void {
  if (verb === "EHLO") socket.write("250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n");
  else if (verb === "DATA") socket.write("354 go on\r\n");
  else if (verb === "QUIT") socket.end("221 2.0.0 bye\r\n");
  else socket.write("250 2.0.0 ok\r\n");
}
