import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { waitUntil } from "./wait-until.ts";

/** A TCP client that keeps what it hears; gone when the test ends. */
export class LineClient {
  heard = "";
  closed = false;
  readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.heard += chunk.toString("latin1");
    });
    socket.on("error", () => {
      this.closed = true;
    });
    socket.on("close", () => {
      this.closed = true;
    });
    onTestFinished(() => {
      socket.destroy();
    });
  }

  /** Resolves once connected; rejects when refused. */
  static connect(port: number, host = "127.0.0.1", localAddress = "127.0.0.1"): Promise<LineClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host, ...(host.includes(":") ? {} : { localAddress }) });
      const client = new LineClient(socket);
      socket.once("connect", () => resolve(client));
      socket.once("error", reject);
    });
  }

  /** Waits until it has heard `text`. */
  async hears(text: string): Promise<void> {
    await waitUntil(`hearing ${text}, heard ${this.heard}`, () => this.heard.includes(text));
  }

  /** Its first line without CRLF; empty when the connection was closed before one. */
  async firstLine(): Promise<string> {
    await waitUntil("a line or the close", () => this.closed || this.heard.includes("\r\n"));
    return this.heard.split("\r\n")[0] ?? "";
  }

  async isClosed(): Promise<void> {
    await waitUntil("the connection to close", () => this.closed);
  }
}
