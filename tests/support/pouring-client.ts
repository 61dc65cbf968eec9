import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { waitUntil } from "./wait-until.ts";

const heardBytesMax = 4096;

/** A client without manners: writes what it likes whenever it likes, reads everything, remembers the last bytes of it. */
export class PouringClient {
  readonly socket: Socket;
  /** The end of what the server said. */
  heard = "";
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      this.heard = (this.heard + chunk.toString("latin1")).slice(-heardBytesMax);
    });
  }

  /** Connects from a loopback address and waits for the greeting. */
  static async connect(port: number, localAddress = "127.0.0.1"): Promise<PouringClient> {
    const client = new PouringClient(connect({ host: "127.0.0.1", port, localAddress, noDelay: true }));
    await Promise.race([once(client.socket, "data"), client.closed]);
    return client;
  }

  /** Everything up to the 354 of DATA. */
  async openBody(): Promise<void> {
    this.socket.write("EHLO c.test\r\nMAIL FROM:<a@sender.test>\r\nRCPT TO:<user@inside.test>\r\nDATA\r\n");
    await this.until(/^354 /m);
  }

  /** Waits until that stands in the end of what the server said. */
  async until(said: RegExp, withinMs?: number): Promise<void> {
    await waitUntil(`the server to say ${said}`, () => said.test(this.heard), withinMs);
  }

  /** Writes all pieces as fast as they are taken; gives up when the server closes. */
  async pour(pieces: Iterable<string | Buffer>): Promise<void> {
    for (const piece of pieces) {
      if (this.socket.destroyed || !this.socket.writable) return;
      if (!this.socket.write(piece)) await Promise.race([once(this.socket, "drain"), this.closed]);
    }
  }

  close(): void {
    this.socket.destroy();
  }
}
