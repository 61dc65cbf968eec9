import { expect, test } from "vitest";
import { RouteQueue } from "#worker/delivery/route-queue.ts";
import { newProgress, type QueueRecord } from "#worker/spool/queue-record.ts";

const open = () => true;

function startQueue() {
  const queue = new RouteQueue("internet");
  const records = new Map<string, QueueRecord>();
  const find = (id: string) => records.get(id) ?? null;
  return {
    queue,
    records,
    put(id: string, change: Partial<QueueRecord> = {}) {
      const what = { id, route: "internet", destination: "a.test", bytes: 1, afterAttempt: null, receivedAt: 0 };
      const record = { ...what, ...newProgress(1), isUrgent: false, hasSender: true, ...change };
      records.set(id, record);
      queue.note(id, record);
    },
    /** Takes all, as attempts that are under way. */
    takeAll(isOpen: (destination: string) => boolean = open, now = 100): string[] {
      const ids: string[] = [];
      for (let id = queue.take(now, find, isOpen); id !== null; id = queue.take(now, find, isOpen)) {
        ids.push(id);
        const record = records.get(id);
        if (record !== undefined) record.state = "delivering";
      }
      return ids;
    },
  };
}

test("destinations take turns, however much waits for one of them", () => {
  const { put, takeAll } = startQueue();
  for (let n = 1; n <= 5; n++) put(`a${n}`);
  for (let n = 1; n <= 2; n++) put(`b${n}`, { destination: "b.test" });
  put("c1", { destination: "c.test" });
  expect(takeAll()).toEqual(["a1", "b1", "c1", "a2", "b2", "a3", "a4", "a5"]);
});

test("a destination that is not open keeps what it has, and the others go on", () => {
  const { put, takeAll } = startQueue();
  put("a1");
  put("b1", { destination: "b.test" });
  expect(takeAll((destination) => destination !== "a.test")).toEqual(["b1"]);
  expect(takeAll()).toEqual(["a1"]);
});

test("for one destination: what a person asked for, then by time, and mail without a sender last", () => {
  const { put, takeAll } = startQueue();
  put("report", { hasSender: false, receivedAt: 1 });
  put("new", { receivedAt: 60 });
  put("tried", { state: "deferred", nextAttemptAt: 50 });
  put("asked", { isUrgent: true, receivedAt: 90 });
  put("later", { state: "deferred", nextAttemptAt: 101 });
  expect(takeAll()).toEqual(["asked", "tried", "new", "report"]);
  expect(takeAll(open, 101)).toEqual(["later"]);
});

test("what was held, taken, put off, or goes elsewhere since it was due is passed over", () => {
  const { put, records, takeAll } = startQueue();
  for (const id of ["held", "gone", "off", "moved", "rerouted", "stays"]) put(id);
  takeAll(() => false);
  const change = (id: string, what: Partial<QueueRecord>) => Object.assign(records.get(id) ?? {}, what);
  change("held", { state: "held" });
  records.delete("gone");
  change("off", { state: "deferred", nextAttemptAt: 200 });
  change("moved", { destination: "b.test" });
  change("rerouted", { route: "inside" });
  expect(takeAll()).toEqual(["stays"]);
});

test("what a person asks for while it waits for its turn comes first, and once", () => {
  const { put, takeAll } = startQueue();
  for (const id of ["1", "2", "3"]) put(id);
  takeAll(() => false);
  put("3", { isUrgent: true });
  expect(takeAll()).toEqual(["3", "1", "2"]);
});

test("one look sorts a part of a long queue only; what stands behind it comes with the next", () => {
  const { put, takeAll } = startQueue();
  for (let n = 0; n < 6_000; n++) put(`a${n}`);
  put("z", { destination: "b.test" });
  expect(takeAll((destination) => destination !== "a.test")).toEqual([]);
  expect(takeAll((destination) => destination !== "a.test")).toEqual(["z"]);
  expect(takeAll()).toHaveLength(6_000);
});
