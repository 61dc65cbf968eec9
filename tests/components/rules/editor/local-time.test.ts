import { describe, expect, it } from "vitest";
import { localInputOf, pointOfLocalInput } from "#components/rules/editor/local-time.ts";

describe("an end date", () => {
  it("is read by the clocks of the zone that is named", () => {
    expect(pointOfLocalInput("2026-07-01T10:30", "Europe/Berlin")).toBe("2026-07-01T08:30:00.000Z");
    expect(pointOfLocalInput("2026-12-01T10:30", "Europe/Berlin")).toBe("2026-12-01T09:30:00.000Z");
    expect(pointOfLocalInput("2026-07-01T10:30", "UTC")).toBe("2026-07-01T10:30:00.000Z");
  });

  it.each(["2026-01-05T00:00", "2026-07-01T10:30", "2026-10-25T02:30", "2026-12-31T23:59"])(
    "is shown as it was typed: %s",
    (local) => {
      for (const zone of ["UTC", "Europe/Berlin", "America/New_York"])
        expect(localInputOf(pointOfLocalInput(local, zone), zone)).toBe(local);
    },
  );

  it("that spring skips is shown as the time that clocks show instead", () => {
    expect(localInputOf(pointOfLocalInput("2026-03-29T02:30", "Europe/Berlin"), "Europe/Berlin")).toBe(
      "2026-03-29T03:30",
    );
  });

  it("that is not there is an empty field, and an incomplete one is none", () => {
    expect(localInputOf(undefined, "UTC")).toBe("");
    expect(pointOfLocalInput("", "UTC")).toBeUndefined();
    expect(pointOfLocalInput("2026-07-01T", "UTC")).toBeUndefined();
  });
});
