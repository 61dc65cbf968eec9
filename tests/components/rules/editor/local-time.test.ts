import { describe, expect, it } from "vitest";
import { localInputOf, pointOfLocalInput } from "#components/rules/editor/local-time.ts";

describe("an end date", () => {
  it("is read as local time", () => {
    expect(pointOfLocalInput("2026-07-01T10:30")).toBe(new Date(2026, 6, 1, 10, 30).toISOString());
  });

  it.each(["2026-01-05T00:00", "2026-07-01T10:30", "2026-12-31T23:59"])("is shown as it was typed: %s", (local) => {
    expect(localInputOf(pointOfLocalInput(local))).toBe(local);
  });

  it("that is not there is an empty field, and an incomplete one is none", () => {
    expect(localInputOf(undefined)).toBe("");
    expect(pointOfLocalInput("")).toBeUndefined();
    expect(pointOfLocalInput("2026-07-01T")).toBeUndefined();
  });
});
