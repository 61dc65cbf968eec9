/** What the console is told of entries in one report. */
export type Changes<Entry> = { reset: boolean; upserts: Entry[]; removals: string[] };

/** Entries that the console has a copy of: the queue, the quarantine. */
export type EntrySource<Entry> = { ids(): Iterable<string>; entry(id: string): Entry | null };

/** What fits one report: entries, and their JSON in bytes. */
export type ChangeLimits = { countMax: number; bytesMax: number };

export function noChanges<Entry>(): Changes<Entry> {
  return { reset: false, upserts: [], removals: [] };
}

/** Knows what the console must still hear of entries: a snapshot in parts first, then changes. */
export class EntryChanges<Entry> {
  readonly #source: EntrySource<Entry>;
  readonly #limits: ChangeLimits;
  #changed = new Set<string>();
  /** Ids of a snapshot under way, and how many of them were told. */
  #snapshot: string[] | null = null;
  #told = 0;
  #resetDue = true;

  constructor(source: EntrySource<Entry>, limits: ChangeLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  /** The source's change listener. */
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
    return this.#resetDue || this.#snapshot !== null || this.#changed.size >= this.#limits.countMax;
  }

  /** The next part. It counts as told: when the report does not arrive, call `reset`. */
  take(): Changes<Entry> {
    const reset = this.#resetDue;
    if (reset) {
      this.#resetDue = false;
      this.#changed.clear();
      this.#snapshot = [...this.#source.ids()];
      this.#told = 0;
    }
    if (this.#snapshot === null) return this.#fill(this.#changed.values(), reset);
    const part = this.#fill(from(this.#snapshot, this.#told), reset);
    this.#told += part.upserts.length + part.removals.length;
    if (this.#told === this.#snapshot.length) this.#snapshot = null;
    return part;
  }

  #fill(ids: Iterable<string>, reset: boolean): Changes<Entry> {
    const { countMax, bytesMax } = this.#limits;
    const upserts: Entry[] = [];
    const removals: string[] = [];
    let bytes = 0;
    for (const id of ids) {
      const entry = this.#source.entry(id);
      if (entry === null) removals.push(id);
      else {
        bytes += Buffer.byteLength(JSON.stringify(entry));
        if (bytes > bytesMax && upserts.length > 0) break;
        upserts.push(entry);
      }
      this.#changed.delete(id);
      if (upserts.length === countMax || removals.length === countMax) break;
    }
    return { reset, upserts, removals };
  }
}

function* from(ids: readonly string[], start: number): Iterable<string> {
  for (let at = start; at < ids.length; at++) yield ids[at] ?? "";
}
