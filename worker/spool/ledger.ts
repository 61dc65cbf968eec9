import type { Place } from "./log-unit.ts";
import type { MessagePlaces, QueueTable } from "./queue-table.ts";
import type { MessageHead, ProgressHead, RemovalHead } from "./record-heads.ts";
import type { SegmentBook } from "./segment-book.ts";

/** Keeps the queue in memory and the account of segments in step with the records of the log, as they are written or read back. */
export class Ledger {
  readonly table: QueueTable;
  readonly book: SegmentBook;
  /** Called when a segment may be worth a look. */
  onDead: (() => void) | null = null;

  constructor(table: QueueTable, book: SegmentBook) {
    this.table = table;
    this.book = book;
  }

  /** A message stands at `place`, with all that is known of its progress. */
  message(head: MessageHead, place: Place, ownFile: boolean): void {
    const { id } = head.envelope;
    const before = this.table.places(id);
    this.book.needed(place);
    this.table.put(head, place, ownFile);
    if (before !== null) this.#copied(before);
  }

  /** The message was written anew at `place`; false: it is gone by now. */
  moved(id: string, from: Place, place: Place): boolean {
    const places = this.table.places(id);
    if (places === null || !isSame(places.message, from)) return false;
    this.book.needed(place);
    this.table.moved(id, place);
    this.#unneeded(places);
    return true;
  }

  progress({ id }: Pick<ProgressHead, "id">, place: Place): void {
    const places = this.table.places(id);
    if (places === null) return;
    this.book.needed(place);
    this.table.progressed(id, place);
    if (places.progress !== null) this.#dead(places.progress);
  }

  /** A record of a removal stands at `place`; `places` is where what it removes was. */
  removal({ at: [segment], also }: RemovalHead, place: Place, places: MessagePlaces | null): void {
    this.book.removal(place, new Set([segment, ...also]));
    if (places !== null) this.#unneeded(places);
  }

  #copied(before: MessagePlaces): void {
    const segment = this.book.get(before.message.segment);
    if (segment !== null) segment.isCopied = true;
    this.#unneeded(before);
  }

  #unneeded({ message, progress }: MessagePlaces): void {
    this.#dead(message);
    if (progress !== null) this.#dead(progress);
  }

  #dead(place: Place): void {
    if (this.book.dead(place)) this.onDead?.();
  }
}

export function isSame(one: Place, other: Place): boolean {
  return one.segment === other.segment && one.offset === other.offset;
}
