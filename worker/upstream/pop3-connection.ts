import type { Duplex } from "node:stream";
import type { Pop3Limits } from "#core/contract/limits.ts";
import { type ExchangeSink, ResponseReader, type ResponseSink } from "#core/pop3/response-reader.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";
import type { UpstreamTls } from "../tls/client-tls.ts";

/** In a multi-line response, this much counts as a sign of life. */
export const progressBytesMin = 1024;

/** What a server may send at once. */
export type ServerLimits = Pick<Pop3Limits, "responseBytesMax" | "authBytesMax">;

type Pop3ConnectionOptions = {
  /** `host:port`, for events. */
  target: string;
  limits: ServerLimits;
  /** Silence allowed while a response is due, in milliseconds. */
  replyTimeoutMs: number;
  /** The connection is over, whoever ended it. Called exactly once. */
  ended(): void;
};

/** One connection to a POP3 server, used by one session. Commands go one at a time. */
export class Pop3Connection {
  readonly target: string;
  /** Called before and after the bytes of one read are given out. */
  onBatch: ((phase: "begin" | "end") => void) | null = null;
  /** Called at most once, when the server goes away, is silent too long or breaks the protocol; never after `destroy`. */
  onLost: ((reason: string) => void) | null = null;
  /** Called when taking a response failed by a defect of ours; the connection is cut by then. */
  onFault: ((error: unknown) => void) | null = null;
  /** Gives another first line in place of an answer's own; null: each is taken as it came. */
  reworded: ((command: string, isMultiLine: boolean, line: StatusLine) => StatusLine) | null = null;
  /** The TLS socket once TLS is spoken. */
  #socket: Duplex;
  #reader: ResponseReader;
  #tls: string | null = null;
  readonly #options: Pop3ConnectionOptions;
  #replyTimeoutMs: number;
  #timer: NodeJS.Timeout | null = null;
  #progressBytes = 0;
  #over = false;

  /** `socket`: connecting or connected; nobody else reads from it. */
  constructor(socket: Duplex, options: Pop3ConnectionOptions) {
    this.target = options.target;
    this.#socket = socket;
    this.#options = options;
    this.#reader = new ResponseReader(options.limits);
    this.#replyTimeoutMs = options.replyTimeoutMs;
    this.#listen();
  }

  /** Version and cipher, or null: clear text. */
  get tls(): string | null {
    return this.#tls;
  }

  get closed(): boolean {
    return this.#over;
  }

  set replyTimeoutMs(milliseconds: number) {
    this.#replyTimeoutMs = milliseconds;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /**
   * Speaks TLS from here on; called when no response is due. What came in the clear is forgotten (RFC 2595 §4). Calls back once with null or
   * why the connection is of no use, unless it is lost or destroyed before.
   */
  startTls({ settings, client }: UpstreamTls, host: string, done: (failure: string | null) => void): void {
    const raw = this.#socket;
    for (const event of ["data", "error", "close"]) raw.removeAllListeners(event);
    raw.on("error", () => raw.destroy());
    this.#reader = new ResponseReader(this.#options.limits);
    try {
      this.#socket = client.start(raw, host, settings, (failure, agreed) => {
        if (this.#over) return;
        this.#tls = agreed;
        this.#guarded(() => done(failure));
      });
    } catch (error) {
      raw.destroy();
      return done(`TLS cannot be started: ${String(error)}`);
    }
    this.#listen();
  }

  /** Waits for the greeting, which comes unasked. */
  expectGreeting(sink: ResponseSink): void {
    this.#reader.expect(false, sink);
    this.#armTimer();
  }

  /** Sends one encoded command, CRLF included; called when no response is due. The sink is called from later reads. */
  request(command: string, multiLine: boolean, sink: ResponseSink): void {
    this.#reader.expect(multiLine, this.#wordedFor(command, multiLine, sink));
    this.#socket.write(command, "latin1");
    this.#armTimer();
  }

  #wordedFor(command: string, isMultiLine: boolean, sink: ResponseSink): ResponseSink {
    const { reworded } = this;
    if (reworded === null) return sink;
    return {
      status: (line) => sink.status(reworded(command, isMultiLine, line)),
      decoded: (slice) => sink.decoded(slice),
      wire: (slice) => sink.wire(slice),
      end: (body) => sink.end(body),
    };
  }

  /** The same for one line of AUTH, the command or an answer to a challenge (RFC 5034 §4). */
  exchange(line: string, sink: ExchangeSink): void {
    this.#reader.expectExchange(sink);
    this.#socket.write(line, "latin1");
    this.#armTimer();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
    if (this.#reader.busy) this.#armTimer();
  }

  /** Ends it politely before a login; nothing is waited for. */
  quit(): void {
    if (this.#over) return;
    this.#end();
    // Its answer is of no use, and it must not hold the socket open.
    this.#socket.end("QUIT\r\n", () => this.#socket.destroy());
  }

  /** Ends it at once, without QUIT: the server must not delete anything (RFC 1939 §6). */
  destroy(): void {
    this.#end();
    this.#socket.destroy();
  }

  /** Cuts it for what its holder sees in an answer, and tells through `onLost`. */
  fail(reason: string): void {
    if (this.#over) return;
    this.destroy();
    this.onLost?.(reason);
  }

  #listen(): void {
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.on("error", (error) => this.fail(`the server connection failed: ${error.message}`));
    this.#socket.on("close", () => this.fail("the server closed the connection"));
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#options.ended();
  }

  #read(chunk: Uint8Array): void {
    if (this.#over) return;
    this.onBatch?.("begin");
    this.#guarded(() => {
      const violation = this.#reader.write(chunk);
      if (violation !== null) this.fail(violation);
      else if (this.#reader.inBody) this.#progress(chunk.length);
    });
    this.onBatch?.("end");
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.destroy();
      this.onFault?.(error);
    }
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
      this.fail(`the server was silent for ${this.#replyTimeoutMs} ms`);
    }
  }
}
