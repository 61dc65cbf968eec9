/** After a refusal inside a body: how long its rest is read and dropped. */
export const swallowMs = 30_000;
/** How long a client may take to close after we did. */
export const closingMs = 5_000;
/** In a body, this much counts as a sign of life: single bytes do not prolong a session. */
export const progressBytesMin = 1024;

/** The one timer of a session. */
export class SessionTimer {
  readonly #idleTimeoutMs: number;
  readonly #idle: () => void;
  #timer: NodeJS.Timeout;
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

  /** The rest of a refused body is read: nothing prolongs that. May be called twice. */
  limitSwallowing(): void {
    if (!this.#limited) this.#restart(Math.min(swallowMs, this.#idleTimeoutMs), true);
  }

  /** We closed: nothing prolongs what follows. */
  limitClosing(): void {
    this.#restart(closingMs, true);
  }

  /** A refused body was read to its end: the usual time again. */
  release(): void {
    if (this.#limited) this.#restart(this.#idleTimeoutMs, false);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #restart(ms: number, limited: boolean): void {
    this.#limited = limited;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#idle, ms);
  }
}
