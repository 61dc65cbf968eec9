import type { Socket } from "node:net";
import { ResponseReader, type ResponseSink } from "#core/pop3/response-reader.ts";

/** In a multi-line response, this much counts as a sign of life. */
export const progressBytesMin = 1024;

/** One connection to a POP3 server, used by one session. Commands go one at a time. */
export class Pop3Connection {
  /** `host:port`, for events. */
  readonly target: string;
  /** Called before and after the bytes of one read are given out. */
  onBatch: ((phase: "begin" | "end") => void) | null = null;
  /** Called at most once, when the server goes away, is silent too long or breaks the protocol; never after `destroy`. */
  onLost: ((reason: string) => void) | null = null;
  /** Called when taking a response failed by a defect of ours; the connection is cut by then. */
  onFault: ((error: unknown) => void) | null = null;
  readonly #socket: Socket;
  readonly #reader: ResponseReader;
  readonly #replyTimeoutMs: number;
  #timer: NodeJS.Timeout | null = null;
  #progressBytes = 0;
  #over = false;

  constructor(socket: Socket, options: { target: string; responseBytesMax: number; replyTimeoutMs: number }) {
    this.target = options.target;
    this.#socket = socket;
    this.#reader = new ResponseReader(options.responseBytesMax);
    this.#replyTimeoutMs = options.replyTimeoutMs;
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", (error) => this.#lose(`the server connection failed: ${error.message}`));
    socket.on("close", () => this.#lose("the server closed the connection"));
  }

  /** Waits for the greeting, which comes unasked. */
  expectGreeting(sink: ResponseSink): void {
    this.#reader.expect(false, sink);
    this.#armTimer();
  }

  /** Sends one encoded command, CRLF included; called when no response is due. The sink is called from later reads. */
  request(command: string, multiLine: boolean, sink: ResponseSink): void {
    this.#reader.expect(multiLine, sink);
    this.#socket.write(command, "latin1");
    this.#armTimer();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
    if (this.#reader.busy) this.#armTimer();
  }

  /** Ends it at once, without QUIT: the server must not delete anything (RFC 1939 §6). */
  destroy(): void {
    this.#over = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#socket.destroy();
  }

  #read(chunk: Uint8Array): void {
    if (this.#over) return;
    this.onBatch?.("begin");
    try {
      const violation = this.#reader.write(chunk);
      if (violation !== null) this.#lose(violation);
      else if (this.#reader.inBody) this.#progress(chunk.length);
    } catch (error) {
      this.destroy();
      this.onFault?.(error);
    }
    this.onBatch?.("end");
  }

  /** Single bytes do not prolong the wait, and a status line has to come whole within it. */
  #progress(bytes: number): void {
    this.#progressBytes += bytes;
    if (this.#progressBytes < progressBytesMin) return;
    this.#progressBytes = 0;
    this.#armTimer();
  }

  #armTimer(): void {
    if (this.#over) return;
    if (this.#timer === null) this.#timer = setTimeout(() => this.#silence(), this.#replyTimeoutMs);
    else this.#timer.refresh();
  }

  #silence(): void {
    if (this.#reader.busy && !this.#socket.isPaused()) {
      this.#lose(`the server was silent for ${this.#replyTimeoutMs} ms`);
    }
  }

  #lose(reason: string): void {
    if (this.#over) return;
    this.destroy();
    this.onLost?.(reason);
  }
}
