import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { momentOf, offsetWords, wallClock, zoneSchema } from "#core/contract/wall-clock.ts";

const at = (iso: string) => Date.parse(iso);

describe("what clocks show", () => {
  test("in UTC, and in a zone by its winter and its summer time", () => {
    expect(wallClock(at("2026-11-22T18:04:22.900Z"), "UTC")).toBe("2026-11-22T18:04:22");
    expect(wallClock(at("2026-11-22T18:04:22.900Z"), "Europe/Berlin")).toBe("2026-11-22T19:04:22");
    expect(wallClock(at("2026-07-01T22:30:00Z"), "Europe/Berlin")).toBe("2026-07-02T00:30:00");
    expect(wallClock(at("2026-01-01T00:00:00Z"), "America/St_Johns")).toBe("2025-12-31T20:30:00");
  });

  test("is named by its distance to UTC, so that the hour that comes twice is told apart", () => {
    expect(offsetWords(at("2026-10-25T00:30:00Z"), "Europe/Berlin")).toBe("UTC+02:00");
    expect(offsetWords(at("2026-10-25T01:30:00Z"), "Europe/Berlin")).toBe("UTC+01:00");
    expect(offsetWords(at("2026-01-01T00:00:00Z"), "America/St_Johns")).toBe("UTC-03:30");
    expect(offsetWords(at("2026-01-01T00:00:00Z"), "UTC")).toBe("UTC");
  });
});

describe("the moment that a person means", () => {
  const moment = (shown: string, zone: string) => {
    const found = momentOf(shown, zone);
    return found === null ? null : new Date(found).toISOString();
  };

  test("is by the zone's clocks of that day", () => {
    expect(moment("2026-11-22T19:04", "Europe/Berlin")).toBe("2026-11-22T18:04:00.000Z");
    expect(moment("2026-07-01T00:00", "Europe/Berlin")).toBe("2026-06-30T22:00:00.000Z");
    expect(moment("2026-07-01T00:00", "UTC")).toBe("2026-07-01T00:00:00.000Z");
  });

  test("of a time that comes twice in autumn is the first", () => {
    expect(moment("2026-10-25T02:30", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z");
    expect(moment("2026-11-01T01:30", "America/New_York")).toBe("2026-11-01T05:30:00.000Z");
  });

  test("of a time that spring skips is as much later", () => {
    expect(moment("2026-03-29T02:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00.000Z");
    expect(moment("2026-03-08T02:30", "America/New_York")).toBe("2026-03-08T07:30:00.000Z");
  });

  test("at the begin of a day whose midnight is skipped is its first", () => {
    expect(moment("2026-04-24T00:00", "Africa/Cairo")).toBe("2026-04-23T22:00:00.000Z");
    expect(wallClock(at("2026-04-23T22:00:00Z"), "Africa/Cairo")).toBe("2026-04-24T01:00:00");
  });

  test("is none for what is no time", () => {
    for (const text of ["", "2026-11-22", "2026-13-01T00:00", "now"])
      expect(momentOf(text, "Europe/Berlin")).toBeNull();
  });

  test("is shown again as it was meant, whatever the zone, but for times that are skipped", () => {
    const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"];
    const moments = fc.integer({ min: at("2012-01-01T00:00:00Z"), max: at("2037-12-31T00:00:00Z") });
    fc.assert(
      fc.property(moments, fc.constantFrom(...zones), (point, zone) => {
        const shown = wallClock(point, zone);
        expect(wallClock(momentOf(shown, zone) ?? 0, zone)).toBe(shown);
      }),
    );
  });
});

describe("the name of a zone", () => {
  test("is the one that the runtime has for it; what is none is UTC", () => {
    expect(zoneSchema.parse("europe/berlin")).toBe("Europe/Berlin");
    for (const text of [undefined, "", "Nowhere/At_all", "utc"]) expect(zoneSchema.parse(text)).toBe("UTC");
  });
});
