import type { QueueRecord } from "../spool/queue-record.ts";
import { DueHeap } from "./due-heap.ts";
import type { RouteFailure } from "./passed-over.ts";

/** Messages that are sorted at once by where they go, and at most until one may go: a long queue must not hold up everything else. */
const sortedAtOnce = 200;
const sortedMax = 5_000;

type FindRecord = (id: string) => Readonly<QueueRecord> | null;

/** The waiting messages of one route. Entries of heaps may be out of date: they are compared with the record when they come out. */
export class RouteQueue {
  readonly route: string;
  /** Attempts under way. */
  active = 0;
  /** Why its servers could not be reached, of the last attempt, until they are there again. */
  failure: RouteFailure | null = null;
  /** Messages whose last attempt reached no server, and those passed over since. */
  readonly unreached = new Set<string>();
  readonly #due = new DueHeap();
  /** What is due, by destination; whose turn is next comes first. */
  readonly #ready = new Map<string, ReadyQueue>();

  constructor(route: string) {
    this.route = route;
  }

  /** Takes note of a record that waits now, or does not wait any more. */
  note(id: string, record: Readonly<QueueRecord> | null): void {
    const waits = record !== null && this.#waits(record);
    if (waits) this.#due.push({ at: dueAt(record), id });
    if (waits && record.state === "deferred" && record.unreached) this.unreached.add(id);
    else this.unreached.delete(id);
  }

  /**
   * The next message that is due, taken out; null when none is. Destinations take turns; one that `isOpen` denies keeps what it has, and the
   * others go on.
   */
  take(now: number, record: FindRecord, isOpen: (destination: string) => boolean): string | null {
    for (let sorted = 0; sorted < sortedMax; sorted += sortedAtOnce) {
      const isMore = this.#sort(now, record);
      const id = this.#next(now, record, isOpen);
      if (id !== null || !isMore) return id;
    }
    return null;
  }

  #next(now: number, record: FindRecord, isOpen: (destination: string) => boolean): string | null {
    for (const [destination, ready] of this.#ready) {
      if (!isOpen(destination)) continue;
      this.#ready.delete(destination);
      const id = ready.take((one) => {
        const current = record(one);
        return current?.destination === destination && this.#waits(current) && dueAt(current) <= now;
      });
      if (ready.size > 0) this.#ready.set(destination, ready);
      if (id !== null) return id;
    }
    return null;
  }

  /** Some of what is due by now goes to its destination; whether there may be more. */
  #sort(now: number, record: FindRecord): boolean {
    for (let n = 0; n < sortedAtOnce; n++) {
      const due = this.#due.peek();
      if (due === undefined || due.at > now) return false;
      this.#due.pop();
      const current = record(due.id);
      if (current === null || !this.#waits(current) || dueAt(current) !== due.at) continue;
      const ready = this.#ready.get(current.destination) ?? new ReadyQueue();
      this.#ready.set(current.destination, ready);
      ready.push(current);
    }
    return true;
  }

  #waits({ route, state }: Readonly<QueueRecord>): boolean {
    return route === this.route && (state === "ready" || state === "deferred");
  }
}

/** What is due for one destination: what a person asked for first, what has no sender, as reports, last, and among each the longest due first. */
class ReadyQueue {
  readonly #urgent = new DueHeap();
  readonly #usual = new DueHeap();
  readonly #reports = new DueHeap();

  get size(): number {
    return this.#urgent.size + this.#usual.size + this.#reports.size;
  }

  push({ id, isUrgent, hasSender, nextAttemptAt, receivedAt }: Readonly<QueueRecord>): void {
    const heap = isUrgent ? this.#urgent : hasSender ? this.#usual : this.#reports;
    heap.push({ at: nextAttemptAt ?? receivedAt, id });
  }

  /** The first that `isDue` says is so still, taken out with those before it. */
  take(isDue: (id: string) => boolean): string | null {
    for (const heap of [this.#urgent, this.#usual, this.#reports]) {
      for (let due = heap.pop(); due !== undefined; due = heap.pop()) if (isDue(due.id)) return due.id;
    }
    return null;
  }
}

function dueAt(record: Readonly<QueueRecord>): number {
  return record.nextAttemptAt ?? 0;
}
