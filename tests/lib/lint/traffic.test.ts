import { expect, it } from "vitest";
import { trafficSchema } from "#core/policy/lint/traffic.ts";
import { database } from "#lib/db.ts";
import { readLintInput } from "#lib/lint/queries.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();

it("what came through in the last week is counted by policy, with what was stopped and whose senders were empty or beyond ASCII", async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
  const now = new Date("2026-01-15T10:00:00Z");
  const event = (n: number, at: string, verdict: string, sender: string) => ({
    id: `e${n}`,
    workerId: "w",
    at: new Date(at),
    kind: "message",
    policy: "Mail from outside",
    recipients: [],
    detail: {},
    verdict,
    sender,
  });
  await database().mailEvent.createMany({
    data: [
      event(1, "2026-01-14T10:00:00Z", "allow", "a@a.test"),
      event(2, "2026-01-14T11:00:00Z", "deny", ""),
      event(3, "2026-01-14T12:00:00Z", "strip", "käthe@a.test"),
      event(4, "2026-01-01T12:00:00Z", "deny", ""),
      { ...event(5, "2026-01-14T12:00:00Z", "deny", ""), kind: "session" },
    ],
  });
  const { traffic } = await readLintInput(now);
  expect(trafficSchema.parse(traffic)).toEqual({
    days: 7,
    newestOnly: null,
    policies: [{ policy: "Mail from outside", messages: 3, stopped: 1, nullSenders: 1, utf8Senders: 1 }],
    rules: [],
  });
});
