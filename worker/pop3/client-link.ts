import type { Socket } from "node:net";
import { type Line, LineReader } from "#core/bytes/line-reader.ts";

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
  readonly #socket: Socket;
  readonly #events: ClientEvents;
  readonly #lines: LineReader;
  readonly #timer: NodeJS.Timeout;
  #wanting = false;
  #answering = false;
  #pumping = false;
  #halfClosed = false;
  #over = false;

  constructor(socket: Socket, limits: { commandBytesMax: number; idleTimeoutMs: number }, events: ClientEvents) {
    this.#socket = socket;
    this.#events = events;
    this.#lines = new LineReader(limits.commandBytesMax);
    this.#timer = setTimeout(() => this.#guarded(() => this.#idle()), limits.idleTimeoutMs);
    socket.on("data", (chunk) => this.#guarded(() => this.#read(chunk)));
    socket.on("drain", () => this.#guarded(() => this.#drained()));
    socket.on("end", () => this.#guarded(() => this.#ended()));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(this.#timer);
      this.#guarded(() => this.#gone());
      events.closed();
    });
  }

  /** Whether a command is awaited. */
  get waiting(): boolean {
    return this.#wanting;
  }

  /** Asks for one line. */
  next(): void {
    this.#wanting = true;
    this.#answering = false;
    this.#timer.refresh();
    if (!this.#pumping) this.#pump();
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
    this.#socket.cork();
    while (this.#wanting && !this.#over) {
      const line = this.#lines.next();
      if (line === null) break;
      this.#wanting = false;
      this.#timer.refresh();
      this.#events.line(line);
    }
    this.#socket.uncork();
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

  #gone(): void {
    if (this.#over) return;
    this.#over = true;
    this.#events.gone();
    this.#socket.destroy();
  }
}
