import { expect, test } from "vitest";
import { recipientOutcomes } from "#components/queue/recipient-outcomes.ts";
import type { DeliveryEvent } from "#core/contract/event.ts";

function attempt(attempt: number, replies: Record<string, string>): DeliveryEvent {
  return {
    kind: "delivery",
    id: `E${attempt}`,
    at: "2026-01-05T10:00:00.000Z",
    messageId: "M",
    attempt,
    result: "deferred",
    recipients: Object.entries(replies).map(([address, reply]) => ({ address, reply })),
    upstream: null,
    reply: "",
    nextAttemptAt: null,
  };
}

test("who still waits comes first with the last word about them, then who is done", () => {
  const attempts = [
    attempt(1, { "a@x.test": "451 later", "b@x.test": "250 ok" }),
    attempt(2, { "a@x.test": "452 full" }),
  ];
  expect(recipientOutcomes(["a@x.test", "c@x.test"], attempts)).toEqual([
    { address: "a@x.test", waiting: true, reply: "452 full" },
    { address: "c@x.test", waiting: true, reply: null },
    { address: "b@x.test", waiting: false, reply: "250 ok" },
  ]);
});

test("a message that was not tried yet has recipients without a reply", () => {
  expect(recipientOutcomes(["a@x.test"], [])).toEqual([{ address: "a@x.test", waiting: true, reply: null }]);
});
