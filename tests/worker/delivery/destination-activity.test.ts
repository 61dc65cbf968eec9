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

const none = { has: () => false, list: () => [] };

const never = () => false;

test("a destination is told with what waits, what is under way and what was said last, until it takes a message", () => {
  const activity = new DestinationActivity();
  const key = destinationKey("internet", "a.test");
  activity.began(key);
  activity.began(key);
  activity.ended(key);
  activity.note(recordFor("a.test", 20, "450 new"));
  activity.note(recordFor("a.test", 10, "450 old"));
  activity.note(recordFor("a.test", null, "untried"));
  expect(activity.statuses([countFor("a.test", 3)], none, never)).toEqual([
    {
      ...{
        route: "internet",
        destination: "a.test",
        state: "active",
        queued: 3,
        bytes: 10,
        attempts: 1,
        isPaced: false,
      },
      ...{ oldestAt: "1970-01-01T00:00:01.000Z", lastReply: "450 new", cause: "busy" },
    },
  ]);
  activity.delivered(key);
  expect(activity.statuses([countFor("a.test")], none, never)).toMatchObject([{ lastReply: null, cause: null }]);
});

test("past the cap of a report those with less mail are left out", () => {
  const counts = Array.from({ length: destinationsReportedMax + 50 }, (_, n) => countFor(`d${n}.test`, n + 1));
  const told = new DestinationActivity().statuses(counts, none, never);
  expect(told).toHaveLength(destinationsReportedMax);
  expect(told[0]?.queued).toBe(destinationsReportedMax + 50);
  expect(told.at(-1)?.queued).toBe(51);
});

test("past the cap of memory what was said of the first destinations is forgotten", () => {
  const activity = new DestinationActivity();
  for (let n = 0; n <= destinationsRememberedMax; n++) activity.note(recordFor(`d${n}.test`, 1));
  const last = `d${destinationsRememberedMax}.test`;
  expect(activity.statuses([countFor("d0.test"), countFor(last)], none, never)).toMatchObject([
    { destination: "d0.test", cause: null },
    { destination: last, cause: "busy" },
  ]);
});

test("what is suspended is told first, also where nothing waits for it", () => {
  const suspension = { route: "internet", destination: "idle.test", by: "Mara", since: "2026-01-05T10:00:00.000Z" };
  const list = () => [suspension, { ...suspension, destination: "a.test" }];
  const has = (key: string) => list().some(({ route, destination }) => destinationKey(route, destination) === key);
  const told = new DestinationActivity().statuses([countFor("b.test", 9), countFor("a.test", 2)], { has, list }, never);
  expect(told).toMatchObject([
    { destination: "idle.test", state: "suspended", queued: 0, oldestAt: null },
    { destination: "a.test", state: "suspended", queued: 2 },
    { destination: "b.test", state: "active", queued: 9 },
  ]);
});
