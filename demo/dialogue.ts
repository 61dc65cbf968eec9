import { connect, type Socket } from "node:net";
import { LineReader } from "#core/bytes/line-reader.ts";

const lineBytesMax = 64 * 1024;
const answerTimeoutMs = 60_000;

/** The connection ended or nothing came while an answer was due. */
export class DialogueError extends Error {}

/** A client's side of a conversation in lines, for the demo's senders and fetchers. */
export class Dialogue {
  readonly #socket: Socket;
  readonly #lines = new LineReader(lineBytesMax);
  readonly #received: string[] = [];
  #waiting: { take(line: string): void; fail(error: Error): void } | null = null;
  #ended: Error | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#lines.push(chunk);
      for (let line = this.#lines.next(); line !== null; line = this.#lines.next()) {
        this.#received.push(Buffer.from(line.bytes).toString("latin1"));
      }
      this.#hand();
    });
    socket.setTimeout(answerTimeoutMs, () => this.#fail(new DialogueError("no answer within a minute")));
    socket.once("error", (error) => this.#fail(new DialogueError(error.message)));
    socket.once("close", () => this.#fail(new DialogueError("the server closed the connection")));
  }

  /** Rejects with DialogueError when nobody listens there. */
  static open(host: string, port: number): Promise<Dialogue> {
    return new Promise((done, fail) => {
      const socket = connect({ host, port, noDelay: true });
      socket.once("error", (error) => fail(new DialogueError(`${host}:${port}: ${error.message}`)));
      socket.once("connect", () => done(new Dialogue(socket)));
    });
  }

  line(): Promise<string> {
    return new Promise((take, fail) => {
      this.#waiting = { take, fail };
      this.#hand();
    });
  }

  /** Waits while the network is slower than we are. */
  async send(bytes: Uint8Array | string): Promise<void> {
    if (this.#ended !== null) throw this.#ended;
    await new Promise<void>((done) => {
      if (this.#socket.write(bytes)) done();
      else {
        this.#socket.once("drain", done);
        this.#socket.once("close", () => done());
      }
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #hand(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    const line = this.#received.shift();
    if (line !== undefined) {
      this.#waiting = null;
      waiting.take(line);
    } else if (this.#ended !== null) {
      this.#waiting = null;
      waiting.fail(this.#ended);
    }
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    this.#socket.destroy();
    this.#hand();
  }
}
