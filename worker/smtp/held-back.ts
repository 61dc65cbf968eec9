/** One thing that is done only after a while: the greeting, or an answer to a client that errs. */
export class HeldBack {
  #timer: NodeJS.Timeout | undefined;
  #done: (() => void) | null = null;

  hold(ms: number, done: () => void): void {
    this.#done = done;
    this.#timer = setTimeout(() => this.release(), ms);
  }

  /** Does it now, if something is held. */
  release(): void {
    const done = this.#done;
    this.cancel();
    done?.();
  }

  /** It is not done any more. May be called at any time. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#done = null;
  }
}
