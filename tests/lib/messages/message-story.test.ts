import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeliveryEvent, QueueEvent } from "#core/contract/event.ts";
import { closeDatabase } from "#lib/db.ts";
import { readMessageStory } from "#lib/messages/queries.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { connectionEvent, messageEvent, queueEntry } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const spooled = messageEvent({ id: "SPOOLED", outcome: "spooled" });
const attempt: DeliveryEvent = {
  kind: "delivery",
  id: "ATTEMPT",
  at: "2026-01-05T10:02:00.000Z",
  messageId: "SPOOLED",
  attempt: 1,
  result: "deferred",
  recipients: [{ address: "b@example.test", reply: "connection refused" }],
  upstream: null,
  reply: "connection refused",
  nextAttemptAt: "2026-01-05T10:05:00.000Z",
};
const hold: QueueEvent = {
  kind: "queue",
  id: "HOLD",
  at: "2026-01-05T10:01:00.000Z",
  messageId: "SPOOLED",
  command: "hold",
  by: "Mara",
};

beforeAll(async () => {
  await enrol();
  await reported({
    events: [spooled, attempt, hold],
    queue: { reset: false, upserts: [queueEntry({ id: "SPOOLED" })], removals: [] },
  });
});

describe("the story of a message", () => {
  test("has the event as the worker told it, what came later in order of time, and its state in the queue", async () => {
    expect(await readMessageStory("SPOOLED")).toEqual({
      event: spooled,
      followUps: [hold, attempt],
      workerId: "local",
      connection: null,
      queueState: "deferred",
    });
  });

  test("names its connection once that has a record", async () => {
    await reported({ events: [messageEvent({ id: "CARRIED", connection: "SESSION" })] });
    expect((await readMessageStory("CARRIED"))?.connection).toBeNull();
    await reported({ events: [connectionEvent({ id: "SESSION" })] });
    expect((await readMessageStory("CARRIED"))?.connection).toBe("SESSION");
  });

  test("has no queue state once the message left the queue", async () => {
    await reported({ queue: { reset: false, upserts: [], removals: ["SPOOLED"] } });
    expect((await readMessageStory("SPOOLED"))?.queueState).toBeNull();
  });

  test("does not exist for an unknown id, nor under the id of a delivery attempt", async () => {
    expect(await readMessageStory("NOBODY")).toBeNull();
    expect(await readMessageStory("ATTEMPT")).toBeNull();
  });
});
