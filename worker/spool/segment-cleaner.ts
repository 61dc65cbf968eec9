import { join } from "node:path";
import type { SpoolDisk } from "./disk.ts";
import { isSame, type Ledger } from "./ledger.ts";
import type { QueueLog } from "./queue-log.ts";
import { durableProgress } from "./queue-record.ts";
import { readEndedSegment } from "./read-segment.ts";
import { type MessageHead, parseMessageHead, parseProgressHead, parseRemovalHead } from "./record-heads.ts";
import type { BookedSegment } from "./segment-book.ts";
import { SegmentBytes } from "./segment-bytes.ts";
import { recordBytes, recordHeaderBytes } from "./segment-format.ts";
import { type FoundRecord, isSound } from "./segment-scan.ts";

/** Written anew in a second: the disk is there for mail that arrives and leaves. */
const bytesPerSecondDefault = 16 * 1024 * 1024;
/** Written anew before a pause. */
const stepBytes = 1024 * 1024;
const retryMs = 5_000;

export type CleanerParts = {
  disk: SpoolDisk;
  folder: string;
  ledger: Ledger;
  queueLog: QueueLog;
  activeNumber(): number | null;
  /** The segment's file is about to go. */
  forget(segment: number): void;
  /** The message's content is not what was accepted. */
  damaged(id: string): Promise<void>;
  bytesPerSecond?: number | undefined;
};

type Step = {
  segment: BookedSegment;
  bytes: SegmentBytes;
  /** Messages whose progress was written anew. */
  saved: Set<string>;
  written: Promise<unknown>[];
};

/**
 * Gives disk space back: deletes segments that nothing needs, and writes what is needed of sparse ones anew at the log's end. A segment goes
 * only when everything of it is on disk elsewhere, one at a time, so that no older copy outlives the record of a removal.
 */
export class SegmentCleaner {
  readonly #parts: CleanerParts;
  readonly #stop = new AbortController();
  #fault: string | null = null;
  #running: Promise<void> | null = null;
  #retry: NodeJS.Timeout | null = null;

  constructor(parts: CleanerParts) {
    this.#parts = parts;
  }

  /** Why space cannot be given back at present, or null. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Looks for work; call when there may be some. */
  kick(): void {
    if (this.#running !== null || this.#retry !== null || this.#stop.signal.aborted) return;
    this.#running = this.#run();
  }

  /** Resolves when nothing is under way; what was not finished is found again at the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#running;
  }

  /** Resolves when there is nothing to do, or it cannot be done now. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    // What else dies in this turn is seen with it.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      await this.#clean();
      this.#fault = null;
    } catch (error) {
      this.#failed(error);
    }
    this.#running = null;
  }

  #failed(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.#fault = error instanceof Error ? error.message : String(error);
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.kick();
    }, retryMs).unref();
  }

  async #clean(): Promise<void> {
    const { ledger, activeNumber } = this.#parts;
    while (!this.#stop.signal.aborted) {
      const dead = ledger.book.deletable(activeNumber());
      for (const segment of dead) await this.#delete(segment);
      if (dead.length > 0) continue;
      const sparse = ledger.book.sparse(activeNumber());
      if (sparse === null) return;
      await this.#rewrite(sparse);
    }
  }

  async #delete({ number, name }: BookedSegment): Promise<void> {
    const { disk, folder, ledger, forget } = this.#parts;
    forget(number);
    await disk.remove(join(folder, name));
    // If the file came back after a power cut, so would what it holds: until it cannot, other segments keep their records of removals.
    await disk.flushFolder(folder);
    ledger.book.gone(number);
  }

  async #rewrite(segment: BookedSegment): Promise<void> {
    const { disk, folder } = this.#parts;
    segment.isCopied = true;
    const file = await disk.open(join(folder, segment.name), "r");
    try {
      const bytes = new SegmentBytes(disk, file, await disk.size(file));
      const { found } = await readEndedSegment(bytes, segment.mark, segment.end === 0 ? null : segment.end);
      await this.#rewriteAll(
        segment,
        bytes,
        found.filter((one) => one.kind === "record"),
      );
    } finally {
      await disk.close(file);
    }
    const isDone = segment.live === 0 || this.#stop.signal.aborted;
    if (!isDone) throw new Error(`${segment.live} records of ${segment.name} could not be written anew`);
    segment.removals.clear();
    segment.isUnsound = false;
  }

  async #rewriteAll(segment: BookedSegment, bytes: SegmentBytes, records: readonly FoundRecord[]): Promise<void> {
    const step: Step = { segment, bytes, saved: new Set(), written: [] };
    let stepped = 0;
    for (const record of records) {
      if (this.#stop.signal.aborted) break;
      const before = step.written.length;
      await this.#rewriteOne(step, record);
      if (step.written.length > before) stepped += recordBytes(record.header);
      if (stepped < stepBytes) continue;
      await Promise.all(step.written.splice(0));
      await this.#pause(stepped);
      stepped = 0;
    }
    await Promise.all(step.written);
  }

  /** Adds to the step what becomes of the record, if anything needs it. */
  async #rewriteOne(step: Step, record: FoundRecord): Promise<void> {
    const { ledger, queueLog } = this.#parts;
    const { header, head } = record;
    const { number } = step.segment;
    if (head === null) return;
    if (header.kind === "message" || header.kind === "file") {
      const message = parseMessageHead(head);
      if (message !== null) await this.#moveMessage(step, record, message);
    } else if (header.kind === "removal") {
      const removal = parseRemovalHead(head);
      const targets = removal === null ? [] : [removal.at[0], ...removal.also];
      const isNeeded = targets.some((target) => target !== number && ledger.book.get(target) !== null);
      if (removal !== null && isNeeded) step.written.push(queueLog.moveRemoval(removal));
    } else {
      const id = parseProgressHead(head)?.id ?? "";
      const current = ledger.table.record(id);
      const isLast = ledger.table.places(id)?.progress?.segment === number;
      if (current === null || !isLast || step.saved.has(id)) return;
      step.saved.add(id);
      step.written.push(queueLog.save(current));
    }
  }

  async #moveMessage(step: Step, record: FoundRecord, { envelope, subject, bytes }: MessageHead): Promise<void> {
    const { ledger, queueLog, damaged } = this.#parts;
    const { offset, header } = record;
    const from = { segment: step.segment.number, offset, bytes: recordBytes(header) };
    const places = ledger.table.places(envelope.id);
    if (places === null || !isSame(places.message, from)) return;
    const isWhole = await isSound(step.bytes, record);
    const content = await step.bytes.at(offset + recordHeaderBytes + header.headBytes, header.contentBytes);
    const current = ledger.table.record(envelope.id);
    if (current === null) return;
    if (!isWhole) {
      step.written.push(damaged(envelope.id));
      return;
    }
    const chunks = { chunks: [content], bytes: content.length, crc: header.contentCrc };
    const head = { envelope, subject, bytes, progress: durableProgress(current) };
    step.written.push(queueLog.move({ head, content: header.kind === "file" ? null : chunks }, from));
  }

  #pause(bytes: number): Promise<void> {
    const ms = (bytes / (this.#parts.bytesPerSecond ?? bytesPerSecondDefault)) * 1000;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#stop.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#stop.signal.addEventListener("abort", done);
    });
  }
}
