import { destinationsReportedMax, type QueueDestination } from "#core/contract/queue.ts";
import { destinationKey } from "../spool/destination-names.ts";
import type { QueueRecord } from "../spool/queue-record.ts";
import type { DestinationCount } from "../spool/queue-table.ts";
import type { SuspendedDestinations } from "./suspended-destinations.ts";

/** Destinations whose last words are remembered; past it those that were first heard of are forgotten. */
export const destinationsRememberedMax = 10_000;

type Named = Pick<DestinationCount, "route" | "destination">;
type Suspended = Pick<SuspendedDestinations, "has" | "list">;
type Words = { at: number } & Pick<QueueDestination, "lastReply" | "cause">;

/** What is under way to each destination, and what the last attempts said about it. */
export class DestinationActivity {
  readonly #attempts = new Map<string, number>();
  readonly #words = new Map<string, Words>();

  began(key: string): void {
    this.#attempts.set(key, this.attempts(key) + 1);
  }

  ended(key: string): void {
    const left = this.attempts(key) - 1;
    if (left > 0) this.#attempts.set(key, left);
    else this.#attempts.delete(key);
  }

  attempts(key: string): number {
    return this.#attempts.get(key) ?? 0;
  }

  /** A message waits, and its record tells what was said last. */
  note({ route, destination, lastAttemptAt: at, lastReply, cause }: Readonly<QueueRecord>): void {
    if (at === null) return;
    const key = destinationKey(route, destination);
    const known = this.#words.get(key);
    if (known !== undefined && known.at > at) return;
    if (known === undefined && this.#words.size >= destinationsRememberedMax) this.#forgetOne();
    this.#words.set(key, { at, lastReply, cause });
  }

  /** It took a message: what was said before does not hold any more. */
  delivered(key: string): void {
    this.#words.delete(key);
  }

  /** How the mail for each destination goes: the suspended ones, then those with most of it. */
  statuses(
    counts: readonly DestinationCount[],
    suspended: Suspended,
    isPaced: (route: string, destination: string) => boolean,
  ): QueueDestination[] {
    const isSuspended = (one: Named): boolean => suspended.has(destinationKey(one.route, one.destination));
    const most = counts.filter((one) => !isSuspended(one)).toSorted((a, b) => b.count - a.count);
    const waiting = new Map(counts.filter(isSuspended).map((one) => [destinationKey(one.route, one.destination), one]));
    const stopped = suspended
      .list()
      .map((one) => waiting.get(destinationKey(one.route, one.destination)) ?? nothing(one));
    return [...stopped, ...most].slice(0, destinationsReportedMax).map((one) => {
      const { route, destination, count, bytes, oldest } = one;
      const key = destinationKey(route, destination);
      const state = isSuspended(one) ? "suspended" : "active";
      const { lastReply = null, cause = null } = this.#words.get(key) ?? {};
      const oldestAt = Number.isFinite(oldest) ? new Date(oldest).toISOString() : null;
      const attempts = this.attempts(key);
      const paced = isPaced(route, destination);
      return { route, destination, state, queued: count, bytes, attempts, oldestAt, isPaced: paced, lastReply, cause };
    });
  }

  #forgetOne(): void {
    for (const first of this.#words.keys()) return void this.#words.delete(first);
  }
}

function nothing({ route, destination }: Named): DestinationCount {
  return { route, destination, count: 0, bytes: 0, oldest: Number.POSITIVE_INFINITY };
}
