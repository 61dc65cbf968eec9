import type { QueueEntry } from "#core/contract/queue.ts";
import { type Report, reportBytesMax, reportQueueChangesMax } from "#core/contract/report.ts";
import type { Spool } from "../spool/spool.ts";

type QueuePart = Report["queue"];

/** JSON of the entries in one report. */
const upsertBytesMax = (reportBytesMax / 8) * 3;

export const noQueueChanges: QueuePart = { reset: false, upserts: [], removals: [] };

/** Knows what the console must still hear of the queue: a snapshot in parts first, then changes. */
export class QueueChanges {
  readonly #spool: Pick<Spool, "entry" | "ids">;
  #changed = new Set<string>();
  /** Ids of a snapshot under way that are still to be told. */
  #snapshot: string[] | null = null;
  #resetDue = true;

  constructor(spool: Pick<Spool, "entry" | "ids">) {
    this.#spool = spool;
  }

  /** The queue's change listener. */
  note(id: string): void {
    // Before a snapshot nobody needs single changes: it will tell them.
    if (!this.#resetDue) this.#changed.add(id);
  }

  /** The console may have missed something: tell everything again. */
  reset(): void {
    this.#resetDue = true;
    this.#snapshot = null;
    this.#changed.clear();
  }

  get pending(): boolean {
    return this.#resetDue || this.#snapshot !== null || this.#changed.size > 0;
  }

  /** More than one report is needed: the next may follow at once. */
  get hasBacklog(): boolean {
    return this.#resetDue || this.#snapshot !== null || this.#changed.size >= reportQueueChangesMax;
  }

  /** The next part. It counts as told: when the report does not arrive, call `reset`. */
  take(): QueuePart {
    const reset = this.#resetDue;
    if (reset) {
      this.#resetDue = false;
      this.#changed.clear();
      this.#snapshot = [...this.#spool.ids()];
    }
    if (this.#snapshot === null) return this.#fill(this.#changed.values(), reset);
    const part = this.#fill(this.#snapshot.values(), reset);
    const told = part.upserts.length + part.removals.length;
    this.#snapshot.splice(0, told);
    if (this.#snapshot.length === 0) this.#snapshot = null;
    return part;
  }

  #fill(ids: Iterable<string>, reset: boolean): QueuePart {
    const upserts: QueueEntry[] = [];
    const removals: string[] = [];
    let bytes = 0;
    for (const id of ids) {
      const entry = this.#spool.entry(id);
      if (entry === null) removals.push(id);
      else {
        bytes += Buffer.byteLength(JSON.stringify(entry));
        if (bytes > upsertBytesMax && upserts.length > 0) break;
        upserts.push(entry);
      }
      this.#changed.delete(id);
      if (upserts.length === reportQueueChangesMax || removals.length === reportQueueChangesMax) break;
    }
    return { reset, upserts, removals };
  }
}
