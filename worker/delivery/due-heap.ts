export type Due = { at: number; id: string };

/** A binary heap: the entry that is due first comes out first, ids break ties. Nothing is ever taken out of the middle. */
export class DueHeap {
  readonly #heap: Due[] = [];

  get size(): number {
    return this.#heap.length;
  }

  peek(): Due | undefined {
    return this.#heap[0];
  }

  push(due: Due): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(due);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(due, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  pop(): Due | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let index = 0;
    for (let child = 1; child < heap.length; child = 2 * index + 1) {
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      const next = right !== undefined && before(right, left) ? right : left;
      if (!before(next, last)) break;
      heap[index] = next;
      index = next === left ? child : child + 1;
    }
    heap[index] = last;
    return first;
  }
}

function before(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.id < b.id);
}
