import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { shortLived } from "../net/short-lived.ts";
import type { Exchange, ExchangeStep, Outgoing } from "./exchange.ts";
import { errorWords, failed } from "./scan-words.ts";
import type { ScanFailure } from "./scanner.ts";

/** Where a scanner listens. */
export type ScannerPlace = { host: string; port: number } | { socket: string };

/** What may be taken to connect, in milliseconds. */
export const connectTimeLimitMs = 5_000;
/** A connection that nobody uses is left after this, in milliseconds: well below the half minute that scanners wait. */
export const warmMs = 10_000;

/** Null: the connection was lost before the scanner took the question. */
type CarriedTaker<T> = (answer: T | ScanFailure | null) => void;

function openScannerSocket(at: ScannerPlace): Socket {
  return "socket" in at ? connect({ path: at.socket }) : connect({ host: at.host, port: at.port, noDelay: true });
}

/** One connection to a scanner: carries one exchange at a time, and is gone when it was idle for `warmMs` or hears what nobody asked for. */
export class ScannerConnection {
  /** Called when it is closed, once. */
  onClose: (() => void) | null = null;
  readonly #socket: Socket;
  #served = 0;
  #connected = false;
  #closed = false;
  #source: Readable | null = null;
  #onData: ((chunk: Uint8Array) => void) | null = null;
  #onLost: ((failure: ScanFailure | null) => void) | null = null;

  constructor(at: ScannerPlace) {
    this.#socket = openScannerSocket(at);
    this.#socket.setTimeout(connectTimeLimitMs);
    this.#socket.once("connect", () => {
      this.#connected = true;
      this.#socket.setTimeout(0);
    });
    this.#socket.on("timeout", () =>
      this.#lose(this.#connected ? null : unreachable(`no connection within ${connectTimeLimitMs} ms`)),
    );
    this.#socket.on("data", (chunk) => {
      if (this.#onData === null) return this.destroy();
      this.#onData(chunk);
    });
    this.#socket.on("end", () => this.#lose(null));
    this.#socket.on("error", (error) =>
      this.#lose(
        this.#connected
          ? failed("protocol", `the connection broke: ${errorWords(error)}`)
          : unreachable(errorWords(error)),
      ),
    );
    this.#socket.on("close", () => this.#lose(null));
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Asks and calls back once, unless it is destroyed before. Afterwards the connection is closed, or may carry the next. */
  carry<T>(exchange: Exchange<T>, done: CarriedTaker<T>): void {
    const isReused = this.#served > 0;
    let hasHeard = false;
    const finish = (answer: T | ScanFailure | null, reusable: boolean): void => {
      this.#served++;
      // An answer before the end of the question: what is left of it would be taken for the next one.
      if (!reusable || this.#source !== null) this.destroy();
      this.#onData = null;
      this.#onLost = null;
      if (!this.#closed) this.#socket.setTimeout(warmMs);
      done(answer);
    };
    const send = (pieces: Outgoing): void => this.#send(pieces, (failure) => finish(failure, false));
    const take = (step: ExchangeStep<T>): void => {
      if (step === null) return;
      if (step.kind === "send") {
        send(step.pieces);
        return step.rest.length === 0 ? undefined : take(exchange.read(step.rest));
      }
      if (step.kind === "answer") return finish(step.answer, step.reusable);
      finish(isReused ? null : exchange.end(), false);
    };
    this.#socket.setTimeout(this.#connected ? 0 : connectTimeLimitMs);
    this.#onData = shortLived((chunk) => {
      hasHeard = true;
      take(exchange.read(chunk));
    });
    this.#onLost = shortLived((failure) => finish(isReused && !hasHeard ? null : (failure ?? exchange.end()), false));
    send(exchange.begin(this.#served));
  }

  /** Closes it at once; an exchange under way is not answered. */
  destroy(): void {
    this.#onData = null;
    this.#onLost = null;
    this.#lose(null);
  }

  #send(pieces: Outgoing, fail: (failure: ScanFailure) => void): void {
    const source = Readable.from(pieces);
    this.#source = source;
    source.once("end", () => {
      if (this.#source === source) this.#source = null;
    });
    source.on("error", ({ message }) => {
      if (this.#source === source) fail(failed("unreadable", `the content cannot be read: ${message}`));
    });
    // What this turn brings, which is all of a small content, leaves in one write.
    this.#socket.cork();
    setImmediate(() => this.#socket.uncork());
    source.pipe(this.#socket, { end: false });
  }

  #lose(failure: ScanFailure | null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#source?.destroy();
    this.#source = null;
    this.#socket.destroy();
    this.onClose?.();
    this.#onLost?.(failure);
  }
}

function unreachable(why: string): ScanFailure {
  return failed("unreachable", why);
}
