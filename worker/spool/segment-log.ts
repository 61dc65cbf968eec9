import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { SpoolDisk } from "./disk.ts";
import { encodeGroup, type LogUnit, type Place, placesOf, unitBytes } from "./log-unit.ts";
import { encodeSegmentHeader, markBytes, type SegmentEnd, segmentHeaderBytes, segmentName } from "./segment-format.ts";

export const segmentBytesDefault = 64 * 1024 * 1024;
/** Written and flushed together. */
const groupBytesMax = 4 * 1024 * 1024;
/** Zeros are put down ahead of the records, so that a flush need not make room: a little at first, then this much at a time. */
const spaceBytesMin = 256 * 1024;
const spaceBytesMax = 4 * 1024 * 1024;
const retryMs = 1_000;

export type SegmentLogOptions = {
  disk: SpoolDisk;
  folder: string;
  /** The number of the segment that begins next. */
  next: number;
  /** The last one that is there already; `cut`: as of `began`. */
  before: SegmentEnd | null;
  cut: boolean;
  segmentBytes: number;
  /** A segment was begun; `cut`: what stands behind the end of the one before could be taken for records. */
  began(segment: { name: string; number: number; mark: Buffer; before: SegmentEnd | null; cut: boolean }): void;
};

type ActiveSegment = { number: number; mark: Buffer; file: number; used: number; space: number; group: number };

/**
 * Writes records to disk: all that wait go with one write and one flush, and are answered together. After a failed write or flush the
 * segment is given up where that group began, since the kernel may take for written what is not, and the group is tried once more in a new one.
 */
export class SegmentLog {
  readonly #options: SegmentLogOptions;
  #pending: LogUnit[] = [];
  /** Steadfast units that were told of their failure. */
  readonly #told = new WeakSet<LogUnit>();
  #active: ActiveSegment | null = null;
  #next: number;
  #before: SegmentEnd | null;
  /** The last segment ended where something may stand behind its end. */
  #cut: boolean;
  #fault: string | null = null;
  #running: Promise<void> | null = null;
  #retry: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: SegmentLogOptions) {
    this.#options = options;
    this.#next = options.next;
    this.#before = options.before;
    this.#cut = options.cut;
  }

  /** Why nothing can be written at present, or null. */
  get fault(): string | null {
    return this.#fault;
  }

  /** The segment that is written to. */
  get activeNumber(): number | null {
    return this.#active?.number ?? null;
  }

  append(unit: LogUnit): void {
    this.#pending.push(unit);
    this.#start();
  }

  /** Resolves when what was appended is written, or cannot be. Nothing may be appended afterwards. */
  async close(): Promise<void> {
    while (this.#running !== null) await this.#running;
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    const file = this.#active?.file;
    this.#active = null;
    if (file !== undefined) await this.#options.disk.close(file);
  }

  #start(): void {
    if (this.#running === null && !this.#closed) this.#running = this.#run();
  }

  async #run(): Promise<void> {
    // What else arrives in this turn goes with the first.
    await new Promise((resolve) => setImmediate(resolve));
    for (let goesOn = true; goesOn && this.#pending.length > 0; ) {
      const group = this.#take();
      try {
        const places = group.length === 0 ? [] : await this.#write(group);
        this.#fault = null;
        for (const [index, unit] of group.entries()) unit.written(places[index] ?? []);
      } catch (error) {
        goesOn = this.#failed(group, error instanceof Error ? error : new Error(String(error)));
      }
    }
    this.#running = null;
  }

  #take(): LogUnit[] {
    let bytes = 0;
    let count = 0;
    for (const unit of this.#pending) {
      bytes += unitBytes(unit);
      if (bytes > groupBytesMax && count > 0) break;
      count++;
    }
    return this.#pending.splice(0, count).filter((unit) => {
      if (unit.cancelled) unit.failed(new Error("it was given up"));
      return !unit.cancelled;
    });
  }

  async #write(group: readonly LogUnit[]): Promise<Place[][]> {
    const { disk } = this.#options;
    const bytes = group.reduce((sum, unit) => sum + unitBytes(unit), 0);
    for (let isLast = false; ; isLast = true) {
      const segment = await this.#segmentFor(bytes);
      try {
        await disk.write(segment.file, [encodeGroup(group, segment.mark, ++segment.group)], segment.used);
        await disk.flush(segment.file);
      } catch (error) {
        await this.#leave(segment, true);
        if (isLast) {
          // What these records say must not count later: that is on disk before anybody hears of the failure.
          await this.#begin().catch(() => null);
          throw error;
        }
        continue;
      }
      const places = placesOf(group, segment.number, segment.used);
      segment.used += bytes;
      return places;
    }
  }

  /** False: what is left waits for the next attempt. */
  #failed(group: readonly LogUnit[], error: Error): boolean {
    this.#fault = `the queue cannot be written: ${error.message}`;
    const kept = group.filter(({ steadfast }) => steadfast);
    for (const unit of group) {
      if (unit.steadfast && this.#told.has(unit)) continue;
      // Room for small records may be left where messages found none.
      if (unit.steadfast && kept.length < group.length) continue;
      this.#told.add(unit);
      unit.failed(error);
    }
    this.#pending.unshift(...kept);
    this.#retry ??= setTimeout(() => this.#tryAgain(), retryMs).unref();
    return kept.length < group.length;
  }

  /** Where nothing waits, nobody would find out that the disk works again: the next message may try. */
  #tryAgain(): void {
    this.#retry = null;
    if (this.#pending.length === 0) this.#fault = null;
    else this.#start();
  }

  async #segmentFor(bytes: number): Promise<ActiveSegment> {
    const { segmentBytes } = this.#options;
    let segment = this.#active;
    if (segment !== null && segment.used > segmentHeaderBytes && segment.used + bytes > segmentBytes) {
      await this.#leave(segment, false);
      segment = null;
    }
    segment ??= await this.#begin();
    await this.#makeSpace(segment, bytes);
    return segment;
  }

  /** The header alone is made durable first: a segment of any length has a sound one. */
  async #begin(): Promise<ActiveSegment> {
    const { disk, folder, began } = this.#options;
    const number = this.#next++;
    const mark = randomBytes(markBytes);
    const name = segmentName(number, mark);
    const path = join(folder, name);
    const before = this.#before;
    const file = await disk.open(path, "wx");
    try {
      await disk.write(file, [encodeSegmentHeader({ mark, number, before })], 0);
      await disk.flush(file);
      await disk.flushFolder(folder);
    } catch (error) {
      await disk.close(file);
      await disk.remove(path).catch(() => undefined);
      throw error;
    }
    began({ name, number, mark, before, cut: this.#cut });
    this.#cut = false;
    this.#active = { number, mark, file, used: segmentHeaderBytes, space: segmentHeaderBytes, group: 0 };
    return this.#active;
  }

  async #makeSpace(segment: ActiveSegment, bytes: number): Promise<void> {
    const { disk, segmentBytes } = this.#options;
    const wanted = segment.used + bytes;
    if (wanted <= segment.space) return;
    const ahead = Math.min(Math.max(segment.space, spaceBytesMin), spaceBytesMax);
    const space = Math.max(Math.min(segment.space + ahead, segmentBytes), wanted);
    await disk.write(segment.file, zeros(space - segment.space), segment.space);
    await disk.flush(segment.file);
    segment.space = space;
  }

  async #leave(segment: ActiveSegment, cut: boolean): Promise<void> {
    this.#active = null;
    this.#before = { number: segment.number, end: segment.used };
    this.#cut = cut;
    await this.#options.disk.close(segment.file).catch(() => undefined);
  }
}

const zeroBlock = Buffer.alloc(256 * 1024);

function zeros(bytes: number): Buffer[] {
  const blocks: Buffer[] = Array.from({ length: Math.floor(bytes / zeroBlock.length) }, () => zeroBlock);
  return [...blocks, zeroBlock.subarray(0, bytes % zeroBlock.length)].filter(({ length }) => length > 0);
}
