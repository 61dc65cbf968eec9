import { expect, test } from "vitest";
import { placeOf } from "#components/queue/neighbours.ts";

const rows = [{ id: "A" }, { id: "B" }, { id: "C" }];

test("a message tells its place in the list, and which come before and after", () => {
  expect(placeOf(rows, "B")).toEqual({ position: 2, count: 3, previous: "A", next: "C" });
});

test("nothing comes before the first and after the last of a page", () => {
  expect(placeOf(rows, "A")).toEqual({ position: 1, count: 3, previous: null, next: "B" });
  expect(placeOf(rows, "C")).toEqual({ position: 3, count: 3, previous: "B", next: null });
});

test("what is not on this page has no place", () => {
  expect(placeOf(rows, "D")).toBeNull();
  expect(placeOf([], "A")).toBeNull();
});
