import { describe, expect, test } from "vitest";
import { HourCount } from "#worker/scanners/hour-count.ts";
import { latenciesKept, ScanRecord } from "#worker/scanners/scan-record.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const minuteMs = 60_000;

describe("what happened in the last hour", () => {
  test("is counted to the minute", () => {
    const count = new HourCount();
    for (let minute = 100; minute < 200; minute++) count.add(minute * minuteMs);
    expect(count.read(199 * minuteMs)).toBe(60);
    expect(count.read(229 * minuteMs)).toBe(30);
    expect(count.read(1_000 * minuteMs)).toBe(0);
  });

  test("agrees with a list of times, whatever the times", () => {
    const random = seededRandom(4);
    const count = new HourCount();
    const minutes: number[] = [];
    let now = 1_000_000 * minuteMs;
    for (let n = 0; n < 5_000; n++) {
      now += Math.floor(random() ** 8 * 100 * minuteMs);
      count.add(now);
      minutes.push(Math.floor(now / minuteMs));
      const first = Math.floor(now / minuteMs) - 59;
      expect(count.read(now)).toBe(minutes.filter((minute) => minute >= first).length);
    }
  });

  test("a clock that goes back loses nothing and adds nothing", () => {
    const count = new HourCount();
    count.add(100 * minuteMs);
    count.add(10 * minuteMs);
    expect(count.read(20 * minuteMs)).toBe(2);
    expect(count.read(100 * minuteMs)).toBe(2);
  });
});

test(`the median is of the last ${latenciesKept} verdicts`, () => {
  const record = new ScanRecord();
  record.noteVerdict(0, 7);
  expect(record.read(0).medianMs).toBe(7);
  for (let n = 0; n < 1_000; n++) record.noteVerdict(0, 1_000);
  for (let n = 0; n < latenciesKept; n++) record.noteVerdict(0, n);
  expect(record.read(0).medianMs).toBe(50);
});

test("failures that are about the content do not make the scanner a failing one", () => {
  const record = new ScanRecord();
  record.noteVerdict(0, 1);
  for (const why of ["too-large", "encrypted", "limit", "unreadable"] as const) {
    record.noteFailure(1_000, { result: "failed", why, detail: "so" });
  }
  expect(record.read(1_000)).toMatchObject({ state: "up", failuresLastHour: 4, lastError: "unreadable: so" });
  record.noteFailure(2_000, { result: "failed", why: "timeout", detail: "so" });
  expect(record.read(2_000)).toMatchObject({ state: "failing", lastErrorAt: "1970-01-01T00:00:02.000Z" });
});
