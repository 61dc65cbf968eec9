import { expect, test } from "vitest";
import { auditFilterOf } from "#lib/audit/filter.ts";
import { connectionSearchSchema } from "#lib/connections/search.ts";
import { messageSearchSchema } from "#lib/messages/search.ts";
import { queueSearchSchema } from "#lib/queue/search.ts";
import { dayStart } from "#lib/search.ts";

test("what the database cannot compare with asks nothing: NUL", () => {
  expect(messageSearchSchema.parse({ text: "a\0b", sender: "\0" })).toMatchObject({ text: null, sender: null });
  expect(queueSearchSchema.parse({ text: "a\0b", route: "\0" })).toMatchObject({ text: null, route: null });
  expect(auditFilterOf(new URLSearchParams({ actor: "a\0b" }), new Date()).actor).toBeNull();
});

test("a place that is no point in time begins at the first page", () => {
  expect(messageSearchSchema.parse({ after: "2026-99-99T10:00:00.000Z~A" }).after).toBeNull();
  expect(queueSearchSchema.parse({ after: "2026-99-99T10:00:00.000Z~A" }).after).toBeNull();
  expect(queueSearchSchema.parse({ after: "2026-01-05T10:00:00.000Z~A" }).after).not.toBeNull();
});

test("a relative time in an address is counted from when it is opened, an absolute one is not", () => {
  const from = (query: Record<string, string>, now: string) =>
    auditFilterOf(new URLSearchParams(query), new Date(now)).from?.toISOString();
  const [first, second] = ["2026-01-05T10:00:00.000Z", "2026-02-05T10:00:00.000Z"];
  expect(from({ range: "day" }, first)).toBe("2026-01-04T10:00:00.000Z");
  expect(from({ range: "day" }, second)).toBe("2026-02-04T10:00:00.000Z");
  expect(from({ range: "bogus" }, second)).toBeUndefined();
  for (const now of [first, second]) expect(from({ from: "2026-01-04" }, now)).toBe("2026-01-04T00:00:00.000Z");
  expect(from({ range: "week", from: "2026-01-04" }, first)).toBe("2026-01-04T00:00:00.000Z");
  expect(from({ range: "hour", from: "2026-01-04" }, first)).toBe("2026-01-05T09:00:00.000Z");
  for (const schema of [messageSearchSchema, connectionSearchSchema])
    expect(schema.parse({ range: "day", from: "2026-01-04" })).toMatchObject({ range: "day", from: "2026-01-04" });
  expect(queueSearchSchema.parse({ age: "1h", span: "week" })).toMatchObject({ age: "1h", span: "week" });
});

test("days are of the zone that the address names, also where clocks change; else of UTC", () => {
  const audit = (zone: Record<string, string>) =>
    auditFilterOf(
      new URLSearchParams({ from: "2026-03-29", to: "2026-03-29", ...zone }),
      new Date("2026-04-01T00:00:00Z"),
    );
  const utc = { from: new Date("2026-03-29T00:00:00Z"), to: new Date("2026-03-30T00:00:00Z") };
  expect(audit({})).toMatchObject(utc);
  expect(audit({ zone: "Nowhere/At_all" })).toMatchObject(utc);
  const shortDay = { from: new Date("2026-03-28T23:00:00Z"), to: new Date("2026-03-29T22:00:00Z") };
  expect(audit({ zone: "Europe/Berlin" })).toMatchObject(shortDay);
  expect(dayStart("2026-10-25", "Europe/Berlin", 1)).toEqual(new Date("2026-10-25T23:00:00Z"));
  expect(messageSearchSchema.parse({ zone: "europe/berlin" }).zone).toBe("Europe/Berlin");
});
