import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase } from "#lib/db.ts";
import { readOpenMessage, searchQueue } from "#lib/queue/queries.ts";
import { queueSearchSchema } from "#lib/queue/search.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { messageEvent, queueEntry } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const at = "2026-01-05T10:00:30.000Z";
const attempt = {
  recipients: [{ address: "b@example.test", reply: "451 later" }],
  upstream: null,
  nextAttemptAt: null,
};

beforeAll(async () => {
  await enrol();
  await reported({
    events: [
      messageEvent({ id: "KNOWN", outcome: "spooled" }),
      {
        kind: "delivery",
        id: "D1",
        at,
        messageId: "KNOWN",
        attempt: 1,
        result: "deferred",
        reply: "451 later",
        ...attempt,
      },
    ],
    queue: { reset: true, upserts: [queueEntry({ id: "KNOWN" }), queueEntry({ id: "BARE" })], removals: [] },
  });
});

test("an open message has its entry, what policy decided about it, and what was tried", async () => {
  const message = await readOpenMessage("KNOWN");
  expect(message).toMatchObject({ entry: { id: "KNOWN" }, decision: { ruleName: "executables" } });
  expect(message?.followUps.map(({ kind }) => kind)).toEqual(["delivery"]);
});

test("without the event of its arrival it opens all the same", async () => {
  expect(await readOpenMessage("BARE")).toMatchObject({ entry: { id: "BARE" }, decision: null, followUps: [] });
});

test("what left the queue does not open", async () => {
  expect(await readOpenMessage("GONE")).toBeNull();
});

test("in the list each message names the rule that let it in, if its event is here", async () => {
  const { rows } = await searchQueue(queueSearchSchema.parse({}), new Date(at));
  const rules = Object.fromEntries(rows.map(({ id, ruleId, ruleName }) => [id, { ruleId, ruleName }]));
  expect(rules).toEqual({
    KNOWN: { ruleId: "5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d001", ruleName: "executables" },
    BARE: { ruleId: null, ruleName: null },
  });
});
