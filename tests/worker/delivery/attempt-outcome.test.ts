import { expect, test } from "vitest";
import { reply } from "#core/smtp/reply.ts";
import { attemptOutcome, cleanReply, pendingRecipients } from "#worker/delivery/attempt-outcome.ts";
import { newProgress, type QueueRecord } from "#worker/spool/queue-record.ts";
import type { RecipientResult } from "#worker/upstream/smtp-send.ts";

const terms = { waitsMs: [60_000, 300_000], lifetimeMs: 360_000, now: 1_000, random: 0, wakes: true };

function recordFor(outcomes: string, attempts = 0): QueueRecord {
  const what = {
    id: "01TEST",
    receivedAt: 0,
    route: "inside",
    destination: "inside",
    bytes: 1,
    hasSender: true,
    isUrgent: false,
    afterAttempt: null,
  };
  return { ...what, ...newProgress(outcomes.length), outcomes, attempts };
}

function resultOf(...statuses: RecipientResult["status"][]) {
  const recipients = statuses.map((status) => ({
    address: "r@example.test",
    status,
    reply: status === "delivered" ? "250 ok" : "450 later",
    tellsMore: false,
    failure: status === "delivered" ? null : { kind: "reply" as const, answer: reply(450, null, "later") },
  }));
  return { upstream: "127.0.0.1:25", recipients };
}

function after(record: QueueRecord, result: ReturnType<typeof resultOf>, change: Partial<typeof terms> = {}) {
  return attemptOutcome(record, pendingRecipients(record), result, { ...terms, ...change });
}

test("only recipients without an outcome are tried, and the ledger keeps the others'", () => {
  const record = recordFor("dpfp");
  expect(pendingRecipients(record)).toEqual([1, 3]);
  expect(after(record, resultOf("delivered", "deferred"))).toMatchObject({
    result: "deferred",
    reply: "450 later",
    progress: { outcomes: "ddfp", state: "deferred" },
  });
});

test("delivered for everyone is delivered; a refusal among them makes it failed", () => {
  expect(after(recordFor("pp"), resultOf("delivered", "delivered"))).toMatchObject({
    result: "delivered",
    progress: { outcomes: "dd" },
  });
  expect(after(recordFor("pp"), resultOf("delivered", "failed"))).toMatchObject({
    result: "failed",
    progress: { outcomes: "df", state: "failed" },
  });
  expect(after(recordFor("fp"), resultOf("delivered"))).toMatchObject({
    result: "failed",
    progress: { outcomes: "fd", state: "failed" },
  });
});

test("the waits are the schedule's, the last one repeats, and jitter lengthens them by a tenth at most", () => {
  expect(after(recordFor("p", 0), resultOf("deferred")).progress.nextAttemptAt).toBe(61_000);
  expect(after(recordFor("p", 1), resultOf("deferred")).progress.nextAttemptAt).toBe(301_000);
  expect(after(recordFor("p", 7), resultOf("deferred")).progress.nextAttemptAt).toBe(301_000);
  expect(after(recordFor("p", 0), resultOf("deferred"), { random: 1 }).progress.nextAttemptAt).toBe(67_000);
});

test("extra attempts by a person do not shorten the schedule: it runs out by age", () => {
  expect(after(recordFor("p", 50), resultOf("deferred"), { now: 359_999 }).result).toBe("deferred");
  expect(after(recordFor("p", 1), resultOf("deferred"), { now: 360_000 })).toMatchObject({
    result: "failed",
    progress: { state: "failed", outcomes: "f" },
  });
});

test("a reply's control characters become blanks and its length is cut", () => {
  expect(cleanReply("550 a\r\n\u001b[31mb\u202e")).toBe("550 a [31mb ");
  expect(cleanReply("x".repeat(900))).toHaveLength(500);
});
