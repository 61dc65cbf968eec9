import { expect, test } from "vitest";
import { RefusalRepeats } from "#worker/net/refusal-repeats.ts";

test("a repeated refusal is told once in ten seconds, with how many there were", () => {
  const repeats = new RefusalRepeats();
  expect(repeats.count("192.0.2.1 banned", 0)).toBe(0);
  for (let at = 1; at < 10_000; at += 1_000) expect(repeats.count("192.0.2.1 banned", at)).toBeNull();
  expect(repeats.count("192.0.2.2 banned", 5_000)).toBe(0);
  expect(repeats.count("192.0.2.1 banned", 10_000)).toBe(10);
  expect(repeats.count("192.0.2.1 banned", 20_000)).toBe(0);
});
