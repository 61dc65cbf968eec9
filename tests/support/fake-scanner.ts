import { once } from "node:events";
import { type AddressInfo, createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/**
 * What the scanner says when `heard` (what came since it spoke last, one character a byte) is there; null: more must come first.
 * `connection` counts from 0. A string goes out and `heard` begins anew; what is said by `socket` is not followed up.
 */
export type FakeAnswer = (heard: string, connection: number, socket: Socket) => string | null;

/** A scanner of the tests, gone with the test, on TCP or on a Unix socket. */
export class FakeScanner {
  /** Everything received, by connection. */
  readonly received: string[] = [];
  answer: FakeAnswer;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(answer: FakeAnswer) {
    this.answer = answer;
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  static async start(answer: FakeAnswer, where: ListenOptions = { host: "127.0.0.1", port: 0 }): Promise<FakeScanner> {
    const scanner = new FakeScanner(answer);
    scanner.#server.listen(where);
    await once(scanner.#server, "listening");
    onTestFinished(() => scanner.stop());
    return scanner;
  }

  get at(): { host: string; port: number } {
    return { host: "127.0.0.1", port: (this.#server.address() as AddressInfo).port };
  }

  get connections(): number {
    return this.received.length;
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  /** Speaks on every connection, asked or not. */
  say(text: string): void {
    for (const socket of this.#sockets) socket.write(text, "latin1");
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, "close");
  }

  #serve(socket: Socket): void {
    const connection = this.received.length;
    this.received.push("");
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
    let heard = "";
    socket.on("data", (chunk) => {
      const text = chunk.toString("latin1");
      this.received[connection] += text;
      heard += text;
      const said = this.answer(heard, connection, socket);
      if (said === null || socket.destroyed) return;
      heard = "";
      socket.write(said, "latin1");
    });
  }
}
