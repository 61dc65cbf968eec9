/** What waits for a destination, or for a route. `oldest`: when it was received, in milliseconds since 1970; infinite where nothing waits. */
export type QueueCount = { count: number; bytes: number; oldest: number };

const oldestEveryMs = 1_000;

/** Counts the queue by destination as it changes. The oldest message is looked for anew only when one that may have been it is gone. */
export class QueueTally {
  readonly #counts = new Map<string, QueueCount>();
  #isStale = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  count(key: string, sign: 1 | -1, bytes: number, receivedAt: number): void {
    const tally = this.#counts.get(key) ?? { count: 0, bytes: 0, oldest: Number.POSITIVE_INFINITY };
    this.#counts.set(key, tally);
    tally.count += sign;
    tally.bytes += sign * bytes;
    if (sign === 1) tally.oldest = Math.min(tally.oldest, receivedAt);
    else if (tally.count === 0) this.#counts.delete(key);
    else if (receivedAt <= tally.oldest) this.#isStale = true;
  }

  /** `all` gives the key and time of each queued message. */
  counts(now: number, all: () => Iterable<[string, number]>): ReadonlyMap<string, Readonly<QueueCount>> {
    if (!this.#isStale || Math.abs(now - this.#lookedAt) < oldestEveryMs) return this.#counts;
    this.#isStale = false;
    this.#lookedAt = now;
    for (const tally of this.#counts.values()) tally.oldest = Number.POSITIVE_INFINITY;
    for (const [key, receivedAt] of all()) {
      const tally = this.#counts.get(key);
      if (tally !== undefined) tally.oldest = Math.min(tally.oldest, receivedAt);
    }
    return this.#counts;
  }
}
