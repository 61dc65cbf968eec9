import type { Socket } from "node:net";

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
  readonly #socket: Socket;
  #pauses = 0;
  #pending = "";
  #ending = false;

  constructor(socket: Socket, owner: ClientSocketOwner) {
    this.#socket = socket;
    // A client may close its side after QUIT and still want the answers.
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => owner.received(chunk));
    socket.on("end", () => owner.inputEnded());
    socket.on("drain", () => owner.writable());
    // A reset is told by "close" as well.
    socket.on("error", () => socket.destroy());
    socket.once("close", () => owner.closed());
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
