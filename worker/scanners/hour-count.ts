const minuteMs = 60_000;
const minutes = 60;

/** How many there were in the last hour, to the minute. */
export class HourCount {
  readonly #counts = new Uint32Array(minutes);
  /** The minute since 1970 that the newest count is of. */
  #newest = 0;

  add(now: number): void {
    this.#advance(now);
    const at = this.#newest % minutes;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  read(now: number): number {
    this.#advance(now);
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** A clock that went back counts into the newest minute. */
  #advance(now: number): void {
    const minute = Math.floor(now / minuteMs);
    if (minute - this.#newest >= minutes) this.#counts.fill(0);
    else for (let past = this.#newest + 1; past <= minute; past++) this.#counts[past % minutes] = 0;
    this.#newest = Math.max(this.#newest, minute);
  }
}
