import type { QueueRecord } from "../spool/queue-record.ts";
import { DueHeap } from "./due-heap.ts";

/** The waiting messages of one route. Entries of the heap may be out of date: they are compared with the record when they come out. */
export class RouteQueue {
  readonly route: string;
  /** Attempts under way. */
  active = 0;
  /** Messages whose last attempt reached no server. */
  readonly unreached = new Set<string>();
  readonly #due = new DueHeap();

  constructor(route: string) {
    this.route = route;
  }

  /** Takes note of a record that waits now, or does not wait any more. */
  note(id: string, record: Readonly<QueueRecord> | null): void {
    const waits = record !== null && (record.state === "ready" || record.state === "deferred");
    if (waits) this.#due.push({ at: dueAt(record), id });
    if (waits && record.state === "deferred" && record.unreached) this.unreached.add(id);
    else this.unreached.delete(id);
  }

  /** The next message that is due, taken out; null when none is. */
  take(now: number, record: (id: string) => Readonly<QueueRecord> | null): string | null {
    for (let due = this.#due.peek(); due !== undefined && due.at <= now; due = this.#due.peek()) {
      this.#due.pop();
      const current = record(due.id);
      const waits = current?.state === "ready" || current?.state === "deferred";
      const isHere = current?.route === this.route;
      if (current !== null && isHere && waits && dueAt(current) === due.at) return due.id;
    }
    return null;
  }
}

function dueAt(record: Readonly<QueueRecord>): number {
  return record.nextAttemptAt ?? 0;
}
