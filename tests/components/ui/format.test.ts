import { describe, expect, test } from "vitest";
import { formatBytes, formatCount, formatRelative, formatSpan, formatTimestamp } from "#components/ui/format.ts";

describe("formats", () => {
  test("bytes are binary with a unit, one digit below ten", () => {
    expect([0, 1023, 1536, 26_214_400, 1_099_511_627_776].map(formatBytes)).toEqual([
      "0 B",
      "1023 B",
      "1.5 KiB",
      "25 MiB",
      "1.0 TiB",
    ]);
  });

  test("counts are exact below ten thousand", () => {
    expect([9_999, 12_345, 1_250_000].map(formatCount)).toEqual(["9999", "12.3 k", "1.3 M"]);
  });

  test("spans have at most two units", () => {
    expect([45_000, 192_000, 7_500_000, 356_400_000, -5].map(formatSpan)).toEqual([
      "45 s",
      "3 min 12 s",
      "2 h 5 min",
      "4 d 3 h",
      "0 s",
    ]);
  });

  test("relative times say which side of now", () => {
    expect([formatRelative(0, 120_000), formatRelative(10_800_000, 0), formatRelative(0, 900)]).toEqual([
      "2 min ago",
      "in 3 h",
      "just now",
    ]);
  });

  test("timestamps name their zone", () => {
    expect(formatTimestamp(new Date("2026-11-22T18:04:22.987Z"), "UTC")).toBe("2026-11-22 18:04:22 UTC");
    expect(formatTimestamp(new Date("2026-07-22T18:04:22.987Z"), "Europe/Berlin")).toBe(
      "2026-07-22 20:04:22 UTC+02:00",
    );
  });
});
