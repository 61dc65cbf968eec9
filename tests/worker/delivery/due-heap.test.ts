import fc from "fast-check";
import { expect, test } from "vitest";
import { type Due, DueHeap } from "#worker/delivery/due-heap.ts";

test("entries come out by time, then by id, whatever the order they went in", () => {
  const due = fc.record({ at: fc.integer({ min: 0, max: 20 }), id: fc.string({ maxLength: 2 }) });
  fc.assert(
    fc.property(fc.array(due), (entries) => {
      const heap = new DueHeap();
      for (const entry of entries) heap.push(entry);
      const out: Due[] = [];
      for (let next = heap.pop(); next !== undefined; next = heap.pop()) out.push(next);
      const sorted = entries.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
      expect(out).toEqual(sorted);
    }),
  );
});
