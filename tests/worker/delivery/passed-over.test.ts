import { expect, test } from "vitest";
import { smtpRouteSchema } from "#core/contract/policy-document.ts";
import { passedOver } from "#worker/delivery/passed-over.ts";
import { newProgress, type QueueRecord } from "#worker/spool/queue-record.ts";

const route = { retrySchedule: "1m,5m,1h*2", nullSenderHours: 1 };
const failure = { lastReply: "mail.test:25: connection refused", cause: "unreachable" as const };
const minute = 60_000;

function record(change: Partial<QueueRecord> = {}): QueueRecord {
  const place = { route: "inside", destination: "inside", bytes: 1 };
  const flags = { hasSender: true, isUrgent: false, afterAttempt: null };
  return { ...newProgress(1), id: "a", receivedAt: 0, ...place, ...flags, ...change };
}

test.each([
  [0, 1],
  [0.9, 1],
  [1, 6],
  [30, 66],
  [66, 126],
  [125.9, 126],
])("%d minutes after it came it waits until minute %d, when the schedule would have it tried", (age, due) => {
  const waiting = passedOver(record(), route, failure, { now: age * minute, random: 0 });
  expect(waiting).toEqual({ ...failure, nextAttemptAt: due * minute });
});

test("the wait is lengthened by up to a tenth, so that not all are due at once", () => {
  const waiting = passedOver(record(), route, failure, { now: 0, random: 0.5 });
  expect(waiting?.nextAttemptAt).toBe(1.05 * minute);
});

test("it is worth an attempt when its time is over, and when a person asks for one", () => {
  const at = (minutes: number) => ({ now: minutes * minute, random: 0 });
  expect(passedOver(record(), route, failure, at(126))).toBeNull();
  expect(passedOver(record({ isUrgent: true }), route, failure, at(0))).toBeNull();
  // Without a sender its time is nullSenderHours.
  expect(passedOver(record({ hasSender: false }), route, failure, at(60))).toBeNull();
});

test("it is worth an attempt when its sender is to be told that it waits, once for each time", () => {
  const told = smtpRouteSchema.parse({
    ...{ name: "inside", protocol: "smtp", targets: [{ host: "mail.test", port: 25 }] },
    senderNotices: { route: "outside", delayedAfter: "4h,24h" },
  });
  const isTried = (change: Partial<QueueRecord>, hours: number) =>
    passedOver(record(change), told, failure, { now: hours * 60 * minute, random: 0 }) === null;
  expect([3, 4, 24].map((hours) => isTried({}, hours))).toEqual([false, true, true]);
  expect([4, 23, 24].map((hours) => isTried({ notices: 1 }, hours))).toEqual([false, false, true]);
  expect(isTried({ notices: 2 }, 48)).toBe(false);
  expect(isTried({ hasSender: false }, 4)).toBe(false);
});

test("a clock that was set back before it came makes its wait no longer", () => {
  const waiting = passedOver(record({ receivedAt: 500 * minute }), route, failure, { now: 0, random: 0 });
  expect(waiting?.nextAttemptAt).toBe(minute);
});
