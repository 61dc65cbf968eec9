/** What waits for a route. `oldest`: when it was received, in milliseconds since 1970; infinite where nothing waits. */
export type RouteTally = { count: number; bytes: number; oldest: number };

const oldestEveryMs = 1_000;

/** Counts the queue as it changes. The oldest message is looked for anew only when one that may have been it is gone. */
export class QueueTally {
  readonly #routes = new Map<string, RouteTally>();
  #isStale = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  count(route: string, sign: 1 | -1, bytes: number, receivedAt: number): void {
    const tally = this.#routes.get(route) ?? { count: 0, bytes: 0, oldest: Number.POSITIVE_INFINITY };
    this.#routes.set(route, tally);
    tally.count += sign;
    tally.bytes += sign * bytes;
    if (sign === 1) tally.oldest = Math.min(tally.oldest, receivedAt);
    else if (tally.count === 0) this.#routes.delete(route);
    else if (receivedAt <= tally.oldest) this.#isStale = true;
  }

  /** `all` gives the route and time of each queued message. */
  routes(now: number, all: () => Iterable<[string, number]>): ReadonlyMap<string, Readonly<RouteTally>> {
    if (!this.#isStale || Math.abs(now - this.#lookedAt) < oldestEveryMs) return this.#routes;
    this.#isStale = false;
    this.#lookedAt = now;
    for (const tally of this.#routes.values()) tally.oldest = Number.POSITIVE_INFINITY;
    for (const [route, receivedAt] of all()) {
      const tally = this.#routes.get(route);
      if (tally !== undefined) tally.oldest = Math.min(tally.oldest, receivedAt);
    }
    return this.#routes;
  }
}
