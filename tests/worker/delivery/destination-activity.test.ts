import { expect, test } from "vitest";
import { destinationsReportedMax } from "#core/contract/queue.ts";
import { DestinationActivity, destinationsRememberedMax } from "#worker/delivery/destination-activity.ts";
import { destinationKey } from "#worker/spool/destination-names.ts";
import { newProgress, type QueueRecord } from "#worker/spool/queue-record.ts";

function recordFor(destination: string, lastAttemptAt: number | null, lastReply = "450 later"): QueueRecord {
  const what = { id: "01TEST", receivedAt: 0, route: "internet", destination, bytes: 1 };
  return {
    ...what,
    hasSender: true,
    isUrgent: false,
    afterAttempt: null,
    ...newProgress(1),
    state: "deferred",
    lastAttemptAt,
    lastReply,
    cause: "busy",
  };
}

function countFor(destination: string, count = 1) {
  return { route: "internet", destination, count, bytes: 10, oldest: 1_000 };
}

test("a destination is told with what waits, what is under way and what was said last, until it takes a message", () => {
  const activity = new DestinationActivity();
  const key = destinationKey("internet", "a.test");
  activity.began(key);
  activity.began(key);
  activity.ended(key);
  activity.note(recordFor("a.test", 20, "450 new"));
  activity.note(recordFor("a.test", 10, "450 old"));
  activity.note(recordFor("a.test", null, "untried"));
  expect(activity.statuses([countFor("a.test", 3)])).toEqual([
    {
      ...{ route: "internet", destination: "a.test", state: "active", queued: 3, bytes: 10, attempts: 1 },
      ...{ oldestAt: "1970-01-01T00:00:01.000Z", lastReply: "450 new", cause: "busy" },
    },
  ]);
  activity.delivered(key);
  expect(activity.statuses([countFor("a.test")])).toMatchObject([{ lastReply: null, cause: null }]);
});

test("past the cap of a report those with less mail are left out", () => {
  const counts = Array.from({ length: destinationsReportedMax + 50 }, (_, n) => countFor(`d${n}.test`, n + 1));
  const told = new DestinationActivity().statuses(counts);
  expect(told).toHaveLength(destinationsReportedMax);
  expect(told[0]?.queued).toBe(destinationsReportedMax + 50);
  expect(told.at(-1)?.queued).toBe(51);
});

test("past the cap of memory what was said of the first destinations is forgotten", () => {
  const activity = new DestinationActivity();
  for (let n = 0; n <= destinationsRememberedMax; n++) activity.note(recordFor(`d${n}.test`, 1));
  const last = `d${destinationsRememberedMax}.test`;
  expect(activity.statuses([countFor("d0.test"), countFor(last)])).toMatchObject([
    { destination: "d0.test", cause: null },
    { destination: last, cause: "busy" },
  ]);
});
