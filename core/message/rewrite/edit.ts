/**
 * A range [start, end) of a message, in bytes from its beginning, and what stands there instead; start = end inserts.
 * Every byte outside of edits goes through as it came.
 */
export type Edit = {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  /** Of an insertion: it belongs to what follows it up to there, and goes with a range that covers all of that. */
  readonly until?: number;
};

/** Edits of one message. 1,000 parts that are all stripped need 9,000 at most, a header of nothing but removed fields 2,000. */
export const editsMax = 20_000;

/** The message would need more edits than `editsMax`, so it cannot be changed as policy wants. */
export class TooManyEditsError extends Error {}

/**
 * The edits of one message in the order of their places, none over another. Of two that overlap the outer one wins, of two of the same
 * range the first; two that cross become one that covers both, with the bytes of both. Insertions at one place stand in the order in which
 * they were added; those at an end of a range stay beside it.
 */
export class EditList {
  readonly #edits: Edit[] = [];

  get length(): number {
    return this.#edits.length;
  }

  at(index: number): Edit | undefined {
    return this.#edits[index];
  }

  add(edit: Edit): void {
    if (!(edit.start >= 0 && edit.start <= edit.end)) throw new RangeError(`no range: ${edit.start} to ${edit.end}`);
    if (this.#edits.length === editsMax) throw new TooManyEditsError(`more than ${editsMax} edits`);
    const at = this.#firstNotBefore(edit.start);
    if (edit.start === edit.end) this.#insert(edit, at);
    else this.#replace(edit, at);
  }

  #insert(edit: Edit, from: number): void {
    const at = this.#afterInsertions(from, edit.start);
    const there = this.#edits[at];
    if (there !== undefined && (there.start < edit.start || covers(there, edit))) return;
    this.#edits.splice(at, 0, edit);
  }

  #replace(edit: Edit, from: number): void {
    const first = this.#afterInsertions(from, edit.start);
    let after = first;
    while ((this.#edits[after]?.start ?? Number.POSITIVE_INFINITY) < edit.end) after++;
    const overlapped = this.#edits.slice(first, after);
    const left = overlapped[0];
    const right = overlapped.at(-1);
    if (left !== undefined && left.start <= edit.start && left.end >= edit.end) return;
    const crossing = [left !== undefined && left.start < edit.start ? left : null, edit];
    if (right !== undefined && right.end > edit.end) crossing.push(right);
    const whole = crossing.filter((one) => one !== null);
    const merged = whole.length === 1 ? edit : joined(whole);
    const beside = this.#edits.slice(from, first).filter((insertion) => !covers(merged, insertion));
    this.#edits.splice(from, after - from, ...beside, merged);
  }

  /** The first edit that ends behind the offset or begins at it or later. */
  #firstNotBefore(offset: number): number {
    let low = 0;
    let high = this.#edits.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const edit = this.#edits[middle];
      if (edit !== undefined && edit.end <= offset && edit.start < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #afterInsertions(from: number, offset: number): number {
    let at = from;
    while (this.#edits[at]?.end === offset) at++;
    return at;
  }
}

/** The range has all that the insertion at its start belongs to. */
function covers(range: Edit, { start, until }: Edit): boolean {
  return until !== undefined && range.start <= start && range.end >= until && range.end > range.start;
}

function joined(edits: readonly Edit[]): Edit {
  const bytes = new Uint8Array(edits.reduce((sum, edit) => sum + edit.bytes.length, 0));
  let at = 0;
  for (const edit of edits) {
    bytes.set(edit.bytes, at);
    at += edit.bytes.length;
  }
  return { start: Math.min(...edits.map((e) => e.start)), end: Math.max(...edits.map((e) => e.end)), bytes };
}

/** Takes a message in order, any cut, and gives it out edited. Slices without an edit go out as they are, uncopied. */
export class EditWriter {
  readonly #edits: EditList;
  readonly #out: (slice: Uint8Array) => void;
  #next = 0;
  #at = 0;

  /** Edits may be added to the list until their place is reached. */
  constructor(edits: EditList, out: (slice: Uint8Array) => void) {
    this.#edits = edits;
    this.#out = out;
  }

  write(slice: Uint8Array): void {
    for (let from = 0; from < slice.length; ) {
      const edit = this.#edits.at(this.#next);
      const untouched = (edit?.start ?? Number.POSITIVE_INFINITY) - this.#at;
      if (edit === undefined || untouched > 0) from = this.#pass(slice, from, untouched);
      else from = this.#replace(slice, from, edit);
    }
  }

  /** The message is complete: what stands at its end is given out. Called once. */
  end(): void {
    for (let edit = this.#edits.at(this.#next); edit !== undefined && edit.start <= this.#at; ) {
      this.#give(edit);
      edit = this.#edits.at(this.#next);
    }
  }

  #pass(slice: Uint8Array, from: number, untouched: number): number {
    const bytes = Math.min(untouched, slice.length - from);
    this.#out(bytes === slice.length ? slice : slice.subarray(from, from + bytes));
    this.#at += bytes;
    return from + bytes;
  }

  /** The bytes are given at the end of the range, so that one which grows meanwhile is still whole. */
  #replace(slice: Uint8Array, from: number, edit: Edit): number {
    const bytes = Math.min(edit.end - this.#at, slice.length - from);
    this.#at += bytes;
    if (this.#at >= edit.end) this.#give(edit);
    return from + bytes;
  }

  #give(edit: Edit): void {
    this.#next++;
    if (edit.bytes.length > 0) this.#out(edit.bytes);
  }
}
