/** Sources that one window remembers, about 8 MB; past it the one that was silent longest gives way. */
export const trackedSourcesMax = 20_000;

const slicesPerMinute = 6;
const sliceMs = 60_000 / slicesPerMinute;
/** A whole minute and the slice that has begun: no minute ever holds more than the limit, whatever its first second. */
const slicesKept = slicesPerMinute + 1;

type Counts = { slice: number; total: number; bySlice: number[] };

/**
 * Counts what each source did in the last minute, to the next ten seconds: a source that used up its limit gets a part of it
 * back between 60 and 70 seconds later. Constant time; `now` is in milliseconds.
 */
export class RateWindow {
  readonly #now: () => number;
  readonly #sourcesMax: number;
  readonly #bySource = new Map<string, Counts>();

  constructor(now: () => number, sourcesMax = trackedSourcesMax) {
    this.#now = now;
    this.#sourcesMax = sourcesMax;
  }

  /** Counts one more of `source`, or, when that would pass `most`, counts nothing and gives false. */
  take(source: string, most: number): boolean {
    const counts = this.#countsOf(source);
    if (counts.total >= most) return false;
    const at = counts.slice % slicesKept;
    counts.bySlice[at] = (counts.bySlice[at] ?? 0) + 1;
    counts.total++;
    return true;
  }

  /** Whether `take` would give false. */
  isFull(source: string, most: number): boolean {
    return this.#bySource.has(source) && this.#countsOf(source).total >= most;
  }

  #countsOf(source: string): Counts {
    const slice = Math.floor(this.#now() / sliceMs);
    const known = this.#bySource.get(source);
    if (known?.slice === slice) return known;
    const counts = known ?? { slice, total: 0, bySlice: Array.from({ length: slicesKept }, () => 0) };
    forgetUntil(counts, slice);
    // Counted anew it becomes the youngest.
    this.#bySource.delete(source);
    const [oldest] = this.#bySource.keys();
    if (this.#bySource.size >= this.#sourcesMax && oldest !== undefined) this.#bySource.delete(oldest);
    this.#bySource.set(source, counts);
    return counts;
  }
}

/** Empties the slices between the last count and now. A clock that was set back begins anew. */
function forgetUntil(counts: Counts, slice: number): void {
  const passed = slice - counts.slice;
  const stale = passed < 0 ? slicesKept : Math.min(passed, slicesKept);
  for (let back = 0; back < stale; back++) {
    const at = (((slice - back) % slicesKept) + slicesKept) % slicesKept;
    counts.total -= counts.bySlice[at] ?? 0;
    counts.bySlice[at] = 0;
  }
  counts.slice = slice;
}
