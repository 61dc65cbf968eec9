import { expect, test } from "vitest";
import { EntryChanges } from "#worker/report/entry-changes.ts";

type Entry = { id: string; text: string };

function changesOf(entries: Map<string, Entry>, limits = { countMax: 3, bytesMax: 1_000_000 }) {
  const source = { ids: () => entries.keys(), entry: (id: string) => entries.get(id) ?? null };
  return new EntryChanges<Entry>(source, limits);
}

const entriesOf = (...ids: string[]): Map<string, Entry> => new Map(ids.map((id) => [id, { id, text: "x" }]));
const idsOf = (entries: readonly Entry[]): string[] => entries.map(({ id }) => id);

test("a snapshot comes in parts, only the first of which resets; then changes", () => {
  const entries = entriesOf("a", "b", "c", "d", "e");
  const changes = changesOf(entries);
  const first = changes.take();
  expect([first.reset, idsOf(first.upserts), changes.hasBacklog]).toEqual([true, ["a", "b", "c"], true]);
  entries.set("f", { id: "f", text: "x" });
  changes.note("f");
  const second = changes.take();
  expect([second.reset, idsOf(second.upserts), changes.hasBacklog]).toEqual([false, ["d", "e"], false]);
  expect(idsOf(changes.take().upserts)).toEqual(["f"]);
  expect(changes.pending).toBe(false);
});

test("what is gone when its part of the snapshot comes is a removal", () => {
  const entries = entriesOf("a", "b", "c", "d", "e");
  const changes = changesOf(entries);
  changes.take();
  entries.delete("d");
  expect(changes.take()).toMatchObject({ upserts: [{ id: "e" }], removals: ["d"] });
  expect(changes.pending).toBe(false);
});

test("a part holds what its bytes allow, and at least one entry", () => {
  const changes = changesOf(entriesOf("a", "b", "c"), { countMax: 100, bytesMax: 10 });
  expect([1, 2, 3].map(() => idsOf(changes.take().upserts))).toEqual([["a"], ["b"], ["c"]]);
});

test("a snapshot of 200,000 entries is told without going over it again for each part", () => {
  const ids = Array.from({ length: 200_000 }, (_, n) => String(n).padStart(8, "0"));
  const entries = new Map(ids.map((id) => [id, { id, text: "x" }]));
  const changes = changesOf(entries, { countMax: 500, bytesMax: 1_000_000 });
  let told = 0;
  do told += changes.take().upserts.length;
  while (changes.hasBacklog);
  expect(told).toBe(200_000);
});
