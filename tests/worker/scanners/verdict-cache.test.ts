import { expect, test } from "vitest";
import { VerdictCache, verdictsMax } from "#worker/scanners/verdict-cache.ts";

const clean = { result: "clean" } as const;
const found = { result: "found", names: ["Worm"] } as const;

test("a verdict is found under its digest and signatures, until its time ends", () => {
  let now = 0;
  const cache = new VerdictCache(1_000, () => now);
  cache.put("v1", "a", found);
  cache.put("v1", "b", clean);
  expect([cache.get("v1", "a"), cache.get("v1", "b"), cache.get("v1", "c")]).toEqual([found, clean, null]);
  now = 999;
  expect(cache.get("v1", "a")).toEqual(found);
  now = 1_000;
  expect(cache.get("v1", "a")).toBeNull();
});

test("other signatures forget all of it", () => {
  const cache = new VerdictCache(1_000, () => 0);
  cache.put("v1", "a", clean);
  expect(cache.get("v2", "a")).toBeNull();
  cache.put("v2", "b", clean);
  expect(cache.get("v1", "a")).toBeNull();
  expect(cache.size).toBe(1);
});

test("a failure is not kept, and leaves what is kept", () => {
  const cache = new VerdictCache(1_000, () => 0);
  cache.put("v1", "a", clean);
  cache.put("v1", "a", { result: "failed", why: "timeout", detail: "" });
  expect(cache.get("v1", "a")).toEqual(clean);
});

test(`past ${verdictsMax} verdicts the oldest is forgotten`, () => {
  const cache = new VerdictCache(1_000, () => 0);
  for (let n = 0; n <= verdictsMax; n++) cache.put("v1", `${n}`, clean);
  expect(cache.size).toBe(verdictsMax);
  expect([cache.get("v1", "0"), cache.get("v1", "1")]).toEqual([null, clean]);
});
