import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localInputOf, pointOfLocalInput } from "#components/rules/local-time.ts";

const before = process.env.TZ;

describe.each([
  ["Europe/Berlin", "2026-07-01T10:30"],
  ["America/New_York", "2026-07-01T04:30"],
  ["UTC", "2026-07-01T08:30"],
])("in %s", (zone, local) => {
  beforeEach(() => {
    process.env.TZ = zone;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });

  it("an end date is shown and read in local time", () => {
    expect(localInputOf("2026-07-01T08:30:00.000Z")).toBe(local);
    expect(pointOfLocalInput(local)).toBe("2026-07-01T08:30:00.000Z");
  });
});

it("no end date is an empty field, and an incomplete one none", () => {
  expect(localInputOf(undefined)).toBe("");
  expect(pointOfLocalInput("")).toBeUndefined();
  expect(pointOfLocalInput("2026-07-01T")).toBeUndefined();
});
