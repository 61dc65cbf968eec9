import type { Socket } from "node:net";
import type { Secured } from "../tls/client-tls.ts";
import type { ServerTls } from "../tls/server-tls.ts";

/** Replies that the client has not read yet; past it no command is taken. */
export const unreadRepliesBytesMax = 64 * 1024;

/** Why the client is not read from; several may hold at once. */
export const pauseReasons = { commandsWait: 1, destinationSlow: 2 } as const;
type PauseReason = (typeof pauseReasons)[keyof typeof pauseReasons];

export interface ClientSocketOwner {
  received(chunk: Buffer): void;
  /** The client sends nothing more; it may still read. */
  inputEnded(): void;
  /** The socket is closed, for whatever reason. Called once. */
  closed(): void;
  /** Replies went out that were more than the client had read. */
  writable(): void;
}

/** The client's socket: replies of one turn in one write, reading paused for whoever asks. */
export class ClientSocket {
  /** Inside TLS where it is spoken. */
  bytesIn = 0;
  bytesOut = 0;
  readonly #owner: ClientSocketOwner;
  readonly #listeners: Record<"data" | "end" | "drain", (chunk: Buffer) => void>;
  /** The TLS socket once TLS is spoken. */
  #socket: Socket;
  #closed = false;
  #pauses = 0;
  #pending = "";
  #ending = false;

  constructor(socket: Socket, owner: ClientSocketOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#listeners = {
      data: (chunk) => {
        this.bytesIn += chunk.length;
        owner.received(chunk);
      },
      end: () => owner.inputEnded(),
      drain: () => owner.writable(),
    };
    // A client may close its side after QUIT and still want the answers.
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    this.#listen();
  }

  /** Says what is pending in the clear, then speaks TLS. Nothing more is read in the clear. */
  startTls(tls: ServerTls, done: Secured): void {
    const raw = this.#socket;
    for (const [event, listener] of Object.entries(this.#listeners)) raw.removeListener(event, listener);
    raw.pause();
    this.#pauses = 0;
    const text = this.#pending;
    this.#pending = "";
    this.bytesOut += text.length;
    const begin = (): void => {
      if (raw.destroyed) return;
      try {
        this.#socket = tls.start(raw, done);
        this.#listen();
      } catch (error) {
        done(`TLS cannot be started: ${String(error)}`, null);
        raw.destroy();
      }
    };
    if (text === "") begin();
    else raw.write(text, "latin1", begin);
  }

  #listen(): void {
    const socket = this.#socket;
    for (const [event, listener] of Object.entries(this.#listeners)) socket.on(event, listener);
    // A reset is told by "close" as well.
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      if (this.#closed) return;
      this.#closed = true;
      this.#socket.destroy();
      this.#owner.closed();
    });
  }

  get isEnding(): boolean {
    return this.#ending || this.#socket.destroyed;
  }

  /** Whether the client lets replies pile up. */
  get isFull(): boolean {
    return this.#socket.writableLength > unreadRepliesBytesMax;
  }

  /** Keeps a reply until `flush`. */
  say(reply: string): void {
    this.#pending += reply;
  }

  flush(): void {
    if (this.#pending === "" || this.isEnding) return;
    this.#socket.write(this.#pending, "latin1");
    this.bytesOut += this.#pending.length;
    this.#pending = "";
  }

  /** Says what is pending, closes our side, and does not wait for the client's. */
  end(): void {
    if (this.isEnding) return;
    this.flush();
    this.#ending = true;
    this.#socket.end();
    // What still comes is read and dropped: closing with unread bytes would reset the connection under our last reply.
    this.#pauses = 0;
    this.#socket.resume();
  }

  destroy(): void {
    this.#ending = true;
    this.#socket.destroy();
  }

  /** Stops reading for a reason; goes on when no reason is left. */
  pause(reason: PauseReason): void {
    if (this.isEnding) return;
    if (this.#pauses === 0) this.#socket.pause();
    this.#pauses |= reason;
  }

  resume(reason: PauseReason): void {
    if ((this.#pauses & reason) === 0) return;
    this.#pauses &= ~reason;
    if (this.#pauses === 0) this.#socket.resume();
  }
}
