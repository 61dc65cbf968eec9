import type { SpoolDisk } from "./disk.ts";
import type { Ledger } from "./ledger.ts";
import { type LogRecord, type LogUnit, logRecord, type Place } from "./log-unit.ts";
import { durableProgress, type QueueRecord } from "./queue-record.ts";
import type { RecentMessages } from "./recent-messages.ts";
import type { MessageHead, RemovalHead } from "./record-heads.ts";
import type { SegmentLog } from "./segment-log.ts";

/** A message's bytes as the log keeps them; null: they are in a file of its own. */
export type Content = { chunks: readonly Uint8Array[]; bytes: number; crc: number } | null;
export type NewMessage = { head: MessageHead; content: Content };

export type QueueLogOptions = {
  disk: SpoolDisk;
  log: SegmentLog;
  ledger: Ledger;
  recent: RecentMessages;
  largePath(id: string): string;
};

/** Writes what becomes of the queue: first to disk, then into the ledger. */
export class QueueLog {
  readonly #options: QueueLogOptions;
  /** Messages that are being written anew, and where they are then; null: that failed. */
  readonly #moves = new Map<string, Promise<Place | null>>();
  readonly #removing = new Set<Promise<void>>();

  constructor(options: QueueLogOptions) {
    this.#options = options;
  }

  /** Takes messages that count together or not at all. `done` is called with null once they do; `isWanted` is asked right before. */
  accept(messages: readonly NewMessage[], isWanted: () => boolean, done: (error: Error | null) => void): LogUnit {
    const { log, ledger, recent } = this.#options;
    const unit: LogUnit = {
      records: messages.map(messageRecord),
      steadfast: false,
      cancelled: false,
      written: (places) => {
        for (const [index, { head, content }] of messages.entries()) {
          const place = places[index];
          if (place === undefined) continue;
          if (isWanted()) {
            ledger.message(head, place, content === null);
            recent.add({ head, content });
          } else this.#withdraw(head.envelope.id, place, content === null);
        }
        done(null);
      },
      failed: done,
    };
    log.append(unit);
    return unit;
  }

  /** Resolves once what is known of the message's progress is on disk; rejects when it is not yet. */
  save(record: Readonly<QueueRecord>): Promise<void> {
    const { id } = record;
    const head = { id, progress: durableProgress(record) };
    return this.#keep(logRecord("progress", id, head), (place) => this.#options.ledger.progress(head, place));
  }

  /** Takes the message out of the queue at once; resolves once that is on disk. */
  async remove(id: string): Promise<void> {
    const { ledger, recent } = this.#options;
    const { table } = ledger;
    const places = table.places(id);
    if (places === null) return;
    table.remove(id);
    recent.take(id);
    const move = this.#moves.get(id);
    const moved = move === undefined ? null : await move;
    const removal = this.#bury(id, moved ?? places.message, (head, place) => {
      this.#options.ledger.removal(head, place, places);
      if (places.ownFile) this.#removeFile(id);
    });
    await removal;
  }

  /** Writes a message anew, with its progress. Resolves with false when it is gone by now; rejects when it could not be written. */
  async move(message: NewMessage, from: Place): Promise<boolean> {
    const { ledger } = this.#options;
    const { id } = message.head.envelope;
    let isThere = false;
    const written = this.#write(messageRecord(message), false, (place) => {
      isThere = ledger.moved(id, from, place);
    });
    const move = written.then(
      (place) => place,
      () => null,
    );
    this.#moves.set(id, move);
    try {
      await written;
    } finally {
      this.#moves.delete(id);
    }
    return isThere;
  }

  /** Writes the record of a removal anew. */
  async moveRemoval(head: RemovalHead): Promise<void> {
    await this.#keep(logRecord("removal", head.id, head), (place) => this.#options.ledger.removal(head, place, null));
  }

  /** Resolves when files that nobody needs any more are removed. */
  async settled(): Promise<void> {
    await Promise.all(this.#removing);
  }

  /** Nobody heard of it: it must not be found after a restart. */
  #withdraw(id: string, place: Place, ownFile: boolean): void {
    const buried = this.#bury(id, place, (head, buriedAt) => {
      this.#options.ledger.removal(head, buriedAt, null);
      if (ownFile) this.#removeFile(id);
    });
    // It is written as soon as that is possible.
    buried.catch(() => undefined);
  }

  #bury(id: string, { segment, offset }: Place, written: (head: RemovalHead, place: Place) => void): Promise<void> {
    const also = this.#options.ledger.book.copied();
    const head: RemovalHead = { id, at: [segment, offset], also };
    return this.#keep(logRecord("removal", id, head), (place) => written(head, place));
  }

  async #keep(record: LogRecord, written: (place: Place) => void): Promise<void> {
    await this.#write(record, true, written);
  }

  #write(record: LogRecord, steadfast: boolean, written: (place: Place) => void): Promise<Place> {
    return new Promise((resolve, reject) => {
      this.#options.log.append({
        records: [record],
        steadfast,
        cancelled: false,
        written: ([place]) => {
          if (place === undefined) return;
          written(place);
          resolve(place);
        },
        failed: reject,
      });
    });
  }

  #removeFile(id: string): void {
    const { disk, largePath } = this.#options;
    // What is left of it goes at the next start.
    const removal = disk
      .remove(largePath(id))
      .catch(() => undefined)
      .finally(() => this.#removing.delete(removal));
    this.#removing.add(removal);
  }
}

export function messageRecord({ head, content }: NewMessage): LogRecord {
  const { id } = head.envelope;
  return content === null ? logRecord("file", id, head) : logRecord("message", id, head, content);
}
