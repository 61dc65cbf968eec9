import type { ContextWords } from "./compiled-set.ts";

/** Where in a text the words stand that others must be near to. */
export class ContextPlaces {
  /** By number of the context, in ascending order of the ends. */
  readonly #starts: number[][];
  readonly #ends: number[][];

  constructor(count: number) {
    this.#starts = Array.from({ length: count }, () => []);
    this.#ends = Array.from({ length: count }, () => []);
  }

  /** Ends never go back from one call to the next. */
  add(context: number, start: number, end: number): void {
    this.#starts[context]?.push(start);
    this.#ends[context]?.push(end);
  }

  /** Whether one of the words stands before or after the range, not in it, and no farther away than it may. */
  isNear({ number, within }: ContextWords, start: number, end: number): boolean {
    const starts = this.#starts[number] ?? [];
    const ends = this.#ends[number] ?? [];
    const before = ends[firstAbove(ends, start) - 1];
    if (before !== undefined && start - before <= within) return true;
    // Those that begin inside of the range are passed over; they are not longer than the longest word.
    for (let at = firstAbove(ends, end); at < ends.length; at++) {
      const after = starts[at] ?? 0;
      if (after >= end) return after - end <= within;
    }
    return false;
  }
}

/** The place of the first value above the limit in ascending values. */
function firstAbove(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
