/** Less is the clock's own way of keeping time. */
const jumpMsMin = 2_000;

/** Compares the clock with the time that has passed: clocks are set, by people and by NTP, while waits are going on. */
export class ClockJumps {
  readonly #now: () => number;
  readonly #elapsed: () => number;
  #offset: number;

  /** `elapsed` counts milliseconds from any beginning and never jumps. */
  constructor(now: () => number, elapsed: () => number = () => performance.now()) {
    this.#now = now;
    this.#elapsed = elapsed;
    this.#offset = now() - elapsed();
  }

  /** By how many milliseconds the clock was set forward since the last call; negative: back. */
  jump(): number {
    const offset = this.#now() - this.#elapsed();
    const jump = offset - this.#offset;
    this.#offset = offset;
    return Math.abs(jump) < jumpMsMin ? 0 : Math.round(jump);
  }
}
