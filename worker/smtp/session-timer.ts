/** After a refusal inside a body: how long its rest is read and dropped. */
export const swallowMs = 30_000;
/** How long a client may take to close after we did. */
export const closingMs = 5_000;
/** In a body, this much counts as a sign of life: single bytes do not prolong a session. */
export const progressBytesMin = 1024;

/** The timers of a session: for silence, and for a transaction as a whole. */
export class SessionTimer {
  readonly #idleTimeoutMs: number;
  readonly #idle: () => void;
  #timer: NodeJS.Timeout;
  #transaction: NodeJS.Timeout | null = null;
  #bytes = 0;
  #limited = false;

  constructor(idleTimeoutMs: number, idle: () => void) {
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#idle = idle;
    this.#timer = setTimeout(idle, idleTimeoutMs);
  }

  /** The client did something whole. */
  refresh(): void {
    this.#bytes = 0;
    if (!this.#limited) this.#timer.refresh();
  }

  /** Bytes of a body came. */
  progress(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes >= progressBytesMin) this.refresh();
  }

  /** A transaction begins: `late` is called unless it ends within `ms`, whatever the client does meanwhile. */
  beginTransaction(ms: number, late: () => void): void {
    this.endTransaction();
    this.#transaction = setTimeout(late, ms);
  }

  /** May be called twice. */
  endTransaction(): void {
    if (this.#transaction !== null) clearTimeout(this.#transaction);
    this.#transaction = null;
  }

  /** The rest of a refused body is read: nothing prolongs that. May be called twice. */
  limitSwallowing(): void {
    if (!this.#limited) this.#restart(Math.min(swallowMs, this.#idleTimeoutMs), true);
  }

  /** We closed: nothing prolongs what follows. */
  limitClosing(): void {
    this.endTransaction();
    this.#restart(closingMs, true);
  }

  /** A refused body was read to its end: the usual time again. */
  release(): void {
    if (this.#limited) this.#restart(this.#idleTimeoutMs, false);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.endTransaction();
  }

  #restart(ms: number, limited: boolean): void {
    this.#limited = limited;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#idle, ms);
  }
}
