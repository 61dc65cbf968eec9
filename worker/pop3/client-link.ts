import type { Duplex } from "node:stream";
import { type Line, LineReader } from "#core/bytes/line-reader.ts";
import type { Secured } from "../tls/client-tls.ts";
import type { ListenerTls } from "../tls/server-tls.ts";

/** Commands that may wait unread while one is answered; past it the client is not read from. Bytes. */
export const clientBacklogBytesMax = 4_096;
/** Bytes written that the client has not taken; past it the server is not read from. */
export const untakenBytesMax = 262_144;
/** How long a client may take to close after its last answer, in milliseconds. */
const lingerMs = 5_000;

export type ClientEvents = {
  /** One line was asked for and came. */
  line(line: Line): void;
  /** The first words of an answer, or of what nobody asked, go out. */
  answered(text: string): void;
  /** The client went away, or asks for nothing more. Called at most once, and not after `finish`. */
  gone(): void;
  /** It was silent, or did not take what it asked for, during the idle time. */
  idle(): void;
  /** One of these calls threw: a defect of ours, which must cost this session only. */
  fault(error: unknown): void;
  /** The socket is closed. Called exactly once. */
  closed(): void;
};

/** The client's side of a session: lines in, one at a time and only when asked for; answers out. */
export class ClientLink {
  /** Called when more may be written, after `write` answered false. */
  onDrain: (() => void) | null = null;
  /** Inside TLS where it is spoken. */
  bytesIn = 0;
  bytesOut = 0;
  /** The TLS socket once TLS is spoken. */
  #socket: Duplex;
  readonly #events: ClientEvents;
  readonly #listeners: Readonly<Record<"data" | "drain" | "end", (chunk: Buffer) => void>>;
  #lines: LineReader;
  #lineBytesMax = 0;
  readonly #timer: NodeJS.Timeout;
  #wanting = false;
  #answering = false;
  #pumping = false;
  #halfClosed = false;
  #over = false;
  #isClosed = false;

  constructor(socket: Duplex, idleTimeoutMs: number, events: ClientEvents) {
    this.#socket = socket;
    this.#events = events;
    this.#lines = new LineReader(0);
    this.#timer = setTimeout(() => this.#guarded(() => this.#idle()), idleTimeoutMs);
    this.#listeners = {
      data: (chunk) => this.#guarded(() => this.#read(chunk)),
      drain: () => this.#guarded(() => this.#drained()),
      end: () => this.#guarded(() => this.#ended()),
    };
    this.#listen();
  }

  #listen(): void {
    const socket = this.#socket;
    for (const [event, listener] of Object.entries(this.#listeners)) socket.on(event, listener);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#closed());
  }

  /**
   * Sends the last words in the clear, which may be empty, and speaks TLS. What the client sent before that is forgotten (RFC 2595 §4,
   * CVE-2011-0411). Calls back once; after a failure the socket is gone.
   */
  startTls(text: string, tls: ListenerTls, done: Secured): void {
    const raw = this.#socket;
    for (const [event, listener] of Object.entries(this.#listeners)) raw.removeListener(event, listener);
    raw.pause();
    this.#lines = new LineReader(0);
    this.#wanting = false;
    const begin = (): void => {
      if (raw.destroyed) return;
      try {
        this.#socket = tls.start(raw, (failure, agreed) => this.#guarded(() => done(failure, agreed)));
        this.#listen();
      } catch (error) {
        done(`TLS cannot be started: ${String(error)}`, null);
        raw.destroy();
      }
    };
    this.#told(text);
    if (text === "") begin();
    else raw.write(text, "latin1", () => this.#guarded(begin));
  }

  /** Whether a command is awaited. */
  get waiting(): boolean {
    return this.#wanting;
  }

  /** Asks for one line of at most so many bytes, CRLF included. */
  next(lineBytesMax: number): void {
    this.#wanting = true;
    this.#answering = false;
    this.#lineBytesMax = lineBytesMax;
    this.#timer.refresh();
    if (!this.#pumping) this.#pump();
  }

  /** The same after words that are no answer yet. */
  ask(text: string, lineBytesMax: number): void {
    if (this.#over) return;
    this.bytesOut += text.length;
    this.#socket.write(text, "latin1");
    this.next(lineBytesMax);
  }

  /** False: wait for `onDrain`. */
  write(bytes: Uint8Array): boolean {
    if (this.#over) return true;
    this.bytesOut += bytes.length;
    this.#socket.write(bytes);
    return this.#hasRoom();
  }

  /** One character a byte. False: wait for `onDrain`. */
  send(text: string): boolean {
    if (this.#over) return true;
    this.#told(text);
    this.#socket.write(text, "latin1");
    return this.#hasRoom();
  }

  /** Whether to go on writing. The mark is above the socket's own, so that `drain` comes whenever the answer is no. */
  #hasRoom(): boolean {
    return this.#socket.writableLength <= Math.max(untakenBytesMax, this.#socket.writableHighWaterMark);
  }

  /** Gathers what is written until `uncork` into one write. */
  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  /** Sends the last words, which may be empty, and closes. */
  finish(text: string): void {
    if (this.#over) return;
    this.#told(text);
    this.#over = true;
    // Unread input would turn our close into a reset that can overtake the answer.
    this.#socket.resume();
    this.#socket.end(text, "latin1");
    const timer = setTimeout(() => this.#socket.destroy(), lingerMs);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  /** Ends at once: an answer under way stays visibly cut off. */
  destroy(): void {
    this.#over = true;
    this.#socket.destroy();
  }

  #told(text: string): void {
    this.bytesOut += text.length;
    if (this.#answering || text === "") return;
    this.#answering = true;
    this.#events.answered(text);
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#events.fault(error);
    }
  }

  #read(chunk: Uint8Array): void {
    if (this.#over) return;
    this.bytesIn += chunk.length;
    this.#lines.push(chunk);
    if (this.#wanting) this.#pump();
    if (!this.#wanting && this.#lines.unreadBytes > clientBacklogBytesMax) this.#socket.pause();
  }

  #pump(): void {
    this.#pumping = true;
    // What a line sets off may put TLS in its place.
    const socket = this.#socket;
    socket.cork();
    while (this.#wanting && !this.#over) {
      const line = this.#lines.next(this.#lineBytesMax);
      if (line === null) break;
      this.#wanting = false;
      this.#timer.refresh();
      this.#events.line(line);
    }
    socket.uncork();
    this.#pumping = false;
    if (!this.#wanting || this.#over) return;
    this.#socket.resume();
    if (this.#halfClosed) this.#gone();
  }

  /** The client sent all that it will: what it asked is still answered when it can hear it. */
  #ended(): void {
    this.#halfClosed = true;
    if (this.#wanting || !this.#socket.allowHalfOpen) this.#gone();
  }

  #drained(): void {
    this.#timer.refresh();
    this.onDrain?.();
  }

  #idle(): void {
    if (this.#over) return;
    if (this.#wanting || this.#socket.writableNeedDrain) this.#events.idle();
    else this.#timer.refresh();
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket.destroy();
    this.#guarded(() => this.#gone());
    this.#events.closed();
  }

  #gone(): void {
    if (this.#over) return;
    this.#over = true;
    this.#events.gone();
    this.#socket.destroy();
  }
}
