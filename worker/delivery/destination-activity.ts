import { destinationsReportedMax, type QueueDestination } from "#core/contract/queue.ts";
import { destinationKey } from "../spool/destination-names.ts";
import type { QueueRecord } from "../spool/queue-record.ts";
import type { DestinationCount } from "../spool/queue-table.ts";

/** Destinations whose last words are remembered; past it those that were first heard of are forgotten. */
export const destinationsRememberedMax = 10_000;

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

  /** How the mail for each destination goes: those with most of it. */
  statuses(counts: readonly DestinationCount[]): QueueDestination[] {
    const most = counts.toSorted((a, b) => b.count - a.count).slice(0, destinationsReportedMax);
    return most.map(({ route, destination, count, bytes, oldest }) => {
      const key = destinationKey(route, destination);
      const { lastReply = null, cause = null } = this.#words.get(key) ?? {};
      const oldestAt = Number.isFinite(oldest) ? new Date(oldest).toISOString() : null;
      const attempts = this.attempts(key);
      return { route, destination, state: "active", queued: count, bytes, attempts, oldestAt, lastReply, cause };
    });
  }

  #forgetOne(): void {
    for (const first of this.#words.keys()) return void this.#words.delete(first);
  }
}
