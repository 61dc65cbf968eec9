import type { Place } from "./log-unit.ts";
import type { SegmentEnd } from "./segment-format.ts";

export type BookedSegment = {
  number: number;
  name: string;
  mark: Buffer;
  /** Where its records end; past it nothing counts. */
  end: number;
  /** Behind the end stand records all the same. */
  hasMore: boolean;
  /** Records that the queue needs, and their bytes. */
  live: number;
  liveBytes: number;
  /** Removals in it of messages whose records are in other segments, by those segments: needed until they are gone. */
  removals: Map<number, { count: number; bytes: number }>;
  /** This segment's header says where that other one ends: it stays as long. */
  keeps: number | null;
  /** May hold an older copy of a message that is elsewhere by now: a removal must name it. */
  isCopied: boolean;
  /** To be written anew whatever its share: damage, or records behind its end that do not count. */
  isUnsound: boolean;
};

/** Sparse ones of an earlier run wait until there is other work, up to this many. */
const segmentsLeftMax = 8;

/** What of each segment is still needed, and so which can be deleted and which are worth writing anew. */
export class SegmentBook {
  readonly #segments = new Map<number, BookedSegment>();
  readonly #segmentBytes: number;

  constructor(segmentBytes: number) {
    this.#segmentBytes = segmentBytes;
  }

  all(): Iterable<Readonly<BookedSegment>> {
    return this.#segments.values();
  }

  get(number: number): BookedSegment | null {
    return this.#segments.get(number) ?? null;
  }

  began(segment: Pick<BookedSegment, "number" | "name" | "mark">, before: SegmentEnd | null, cut: boolean): void {
    const previous = before === null ? undefined : this.#segments.get(before.number);
    if (previous !== undefined && before !== null) {
      previous.end = before.end;
      previous.hasMore = cut;
      previous.isUnsound ||= cut;
    }
    const counts = { end: 0, hasMore: false, live: 0, liveBytes: 0, removals: new Map() };
    const marks = { isCopied: false, isUnsound: false };
    const keeps = cut && previous !== undefined ? previous.number : null;
    this.#segments.set(segment.number, { ...segment, ...counts, ...marks, keeps });
  }

  /** Whether segments that were found at the start are better written anew at once. */
  wantsWork(): boolean {
    const all = [...this.#segments.values()];
    return all.length > segmentsLeftMax || all.some(({ isUnsound, isCopied }) => isUnsound || isCopied);
  }

  gone(number: number): void {
    this.#segments.delete(number);
  }

  needed({ segment, bytes }: Place): void {
    const booked = this.#segments.get(segment);
    if (booked === undefined) return;
    booked.live++;
    booked.liveBytes += bytes;
  }

  /** True: the segment may be worth a look now. */
  dead({ segment, bytes }: Place): boolean {
    const booked = this.#segments.get(segment);
    if (booked === undefined) return false;
    booked.live--;
    booked.liveBytes -= bytes;
    return booked.live === 0 || this.#isSparse(booked);
  }

  /** A record of a removal was written whose message has records in `targets`. */
  removal({ segment, bytes }: Place, targets: Iterable<number>): void {
    const booked = this.#segments.get(segment);
    for (const target of targets) {
      if (booked === undefined || target === segment || !this.#segments.has(target)) continue;
      const known = booked.removals.get(target) ?? { count: 0, bytes: 0 };
      booked.removals.set(target, { count: known.count + 1, bytes: known.bytes + bytes });
    }
  }

  /** Segments in which older copies may be. */
  copied(): number[] {
    return [...this.#segments.values()].filter(({ isCopied }) => isCopied).map(({ number }) => number);
  }

  /** Segments that nothing needs any more, but for the one that is written to. */
  deletable(active: number | null): BookedSegment[] {
    return [...this.#segments.values()].filter((segment) => {
      if (segment.number === active || segment.live > 0) return false;
      return this.#removalBytes(segment) === 0 && !this.#isKeeping(segment);
    });
  }

  /** The segment that is worth most to be written anew, or null. */
  sparse(active: number | null): BookedSegment | null {
    let best: BookedSegment | null = null;
    for (const segment of this.#segments.values()) {
      if (segment.number === active || (segment.live === 0 && this.#removalBytes(segment) === 0)) continue;
      if (!segment.isUnsound && !this.#isSparse(segment)) continue;
      if (best === null || this.#weight(segment) < this.#weight(best)) best = segment;
    }
    return best;
  }

  #weight(segment: BookedSegment): number {
    return segment.isUnsound || segment.isCopied ? -1 : this.#neededBytes(segment);
  }

  #isSparse(segment: BookedSegment): boolean {
    return this.#neededBytes(segment) < this.#segmentBytes / 2;
  }

  #neededBytes(segment: BookedSegment): number {
    return segment.liveBytes + this.#removalBytes(segment);
  }

  #removalBytes({ removals }: BookedSegment): number {
    let sum = 0;
    for (const [target, { bytes }] of removals) {
      if (this.#segments.has(target)) sum += bytes;
      else removals.delete(target);
    }
    return sum;
  }

  #isKeeping({ keeps }: BookedSegment): boolean {
    return keeps !== null && this.#segments.has(keeps);
  }
}
