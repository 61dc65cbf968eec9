import type { QueueEntry } from "#core/contract/queue.ts";
import { destinationKey } from "../spool/destination-names.ts";
import type { SegmentSpool } from "../spool/segment-spool.ts";
import type { SuspendedDestinations } from "./suspended-destinations.ts";

/** The queue as people see it: what waits for a destination that is suspended has that for its cause. */
export class ShownQueue {
  readonly #queue: Pick<SegmentSpool, "ids" | "entry" | "onChange">;
  readonly #suspended: Pick<SuspendedDestinations, "has">;
  readonly #listeners: ((id: string) => void)[] = [];

  constructor(queue: Pick<SegmentSpool, "ids" | "entry" | "onChange">, suspended: Pick<SuspendedDestinations, "has">) {
    this.#queue = queue;
    this.#suspended = suspended;
  }

  ids(): Iterable<string> {
    return this.#queue.ids();
  }

  entry(id: string): QueueEntry | null {
    const entry = this.#queue.entry(id);
    if (entry === null || (entry.state !== "ready" && entry.state !== "deferred")) return entry;
    const isSuspended = this.#suspended.has(destinationKey(entry.route, entry.destination));
    return isSuspended ? { ...entry, cause: "suspended" } : entry;
  }

  onChange(listener: (id: string) => void): void {
    this.#queue.onChange(listener);
    this.#listeners.push(listener);
  }

  /** What is shown of them is another now, though nothing else about them changed. */
  changed(ids: Iterable<string>): void {
    for (const id of ids) for (const listener of this.#listeners) listener(id);
  }
}
