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

test("who still waits comes first with the last word about them, then who has it and who does not get it", () => {
  const attempts = [
    attempt(1, { "a@x.test": "451 later", "b@x.test": "250 ok", "d@x.test": "550 5.1.1 no such user" }),
    attempt(2, { "a@x.test": "452 full" }),
  ];
  expect(recipientOutcomes({ recipients: ["a@x.test", "c@x.test"], state: "deferred" }, attempts)).toEqual([
    { address: "a@x.test", outcome: "waiting", reply: "452 full" },
    { address: "c@x.test", outcome: "waiting", reply: null },
    { address: "b@x.test", outcome: "delivered", reply: "250 ok" },
    { address: "d@x.test", outcome: "failed", reply: "550 5.1.1 no such user" },
  ]);
});

test("a message that failed names those who do not get it; the others have it", () => {
  const attempts = [attempt(1, { "a@x.test": "550 no", "b@x.test": "250 ok" })];
  expect(recipientOutcomes({ recipients: ["a@x.test"], state: "failed" }, attempts)).toEqual([
    { address: "a@x.test", outcome: "failed", reply: "550 no" },
    { address: "b@x.test", outcome: "delivered", reply: "250 ok" },
  ]);
});

test("a message that was not tried yet has recipients without a reply", () => {
  const untried = { recipients: ["a@x.test"], state: "ready" as const };
  expect(recipientOutcomes(untried, [])).toEqual([{ address: "a@x.test", outcome: "waiting", reply: null }]);
});
