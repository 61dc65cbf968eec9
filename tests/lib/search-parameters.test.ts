import { expect, test } from "vitest";
import { auditFilterOf } from "#lib/audit/filter.ts";
import { messageSearchSchema } from "#lib/messages/search.ts";
import { queueSearchSchema } from "#lib/queue/search.ts";

test("what the database cannot compare with asks nothing: NUL", () => {
  expect(messageSearchSchema.parse({ text: "a\0b", sender: "\0" })).toMatchObject({ text: null, sender: null });
  expect(queueSearchSchema.parse({ text: "a\0b", route: "\0" })).toMatchObject({ text: null, route: null });
  expect(auditFilterOf(new URLSearchParams({ actor: "a\0b" })).actor).toBeNull();
});

test("a place that is no point in time begins at the first page", () => {
  expect(messageSearchSchema.parse({ after: "2026-99-99T10:00:00.000Z~A" }).after).toBeNull();
  expect(queueSearchSchema.parse({ after: "2026-99-99T10:00:00.000Z~A" }).after).toBeNull();
  expect(queueSearchSchema.parse({ after: "2026-01-05T10:00:00.000Z~A" }).after).not.toBeNull();
});
