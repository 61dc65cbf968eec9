import type { PassedOver, Progress, QueueRecord } from "./queue-record.ts";
import type { SpoolMessage } from "./spool-file.ts";

/** The durable queue, as the delivery uses it. */
export interface DeliveryQueue {
  /** Oldest first. */
  ids(): Iterable<string>;
  /** Those that go to a destination, oldest first. */
  idsFor(route: string, destination: string): Iterable<string>;
  /** The message as it is now; the object does not change with it. */
  record(id: string): Readonly<QueueRecord> | null;
  /** Takes a ready or deferred message for an attempt; null when a person or another attempt was quicker. Ends with `settle`. */
  claim(id: string): Readonly<QueueRecord> | null;
  /** Resolves with null when the message is damaged: it was set aside, and the claim is over. */
  load(id: string): Promise<SpoolMessage | null>;
  /** A server has the message for these of its recipients: noted before it returns, for when we are killed before `settle`. */
  taken(id: string, positions: ReadonlySet<number>): void;
  /** Ends the attempt: keeps what came of it, or removes the message when no recipient is left. */
  settle(id: string, progress: Progress): Promise<void>;
  /** The senders of those that failed know it now. Resolves once that is on disk. */
  told(id: string): Promise<void>;
  /** A message waits because its route is down; no attempt was made. A restart knows nothing of it. */
  passOver(id: string, waiting: PassedOver): void;
  /** Makes a deferred message due at once. A restart goes back to its schedule. */
  advance(id: string): void;
  /** The clock was set forward by so many milliseconds, or back: waits go on as they were. */
  clockJumped(by: number): void;
  /** Called on every change of a record, and once when it is gone; the listener must not throw. */
  onChange(listener: (id: string) => void): void;
}
