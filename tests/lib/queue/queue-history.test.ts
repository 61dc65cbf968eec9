import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WorkerEvent } from "#core/contract/event.ts";
import { routeStatusSchema } from "#core/contract/report.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { readQueuePast } from "#lib/queue/history.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { messageEvent, report } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const now = new Date("2026-01-05T12:00:30.000Z");
const all = { route: null, workerId: null };
const at = (clock: string) => new Date(`2026-01-05T${clock}Z`);

const idle = { protocol: "smtp", state: "unknown", queued: 0, oldestAt: null, lastError: null, targets: [] };

function spooled(id: string, clock: string): WorkerEvent {
  return messageEvent({ id, at: at(clock).toISOString(), outcome: "spooled", route: "inside" });
}

function delivered(id: string, clock: string, route?: string): WorkerEvent {
  const attempt = { attempt: 1, recipients: [], upstream: null, reply: "250 2.0.0 Ok", nextAttemptAt: null };
  const event = { id, at: at(clock).toISOString(), messageId: "M", ...(route === undefined ? {} : { route }) };
  return { kind: "delivery", result: "delivered", ...event, ...attempt };
}

async function told(worker: string, clock: string, depth: number, oldest: string | null, events: WorkerEvent[] = []) {
  const queue = { depth, bytes: depth * 1_000, oldestAt: oldest === null ? null : at(oldest).toISOString() };
  const { status } = report(1);
  const outside = routeStatusSchema.parse({ ...idle, route: "outside", queued: 1, oldestAt: queue.oldestAt });
  const inside = routeStatusSchema.parse({ ...idle, route: "inside", queued: depth - 1, oldestAt: queue.oldestAt });
  const mailbox = routeStatusSchema.parse({ ...idle, route: "mailbox", protocol: "pop3" });
  await reported({ status: { ...status, queue, routes: [inside, outside, mailbox] }, events }, at(clock), worker);
}

beforeAll(async () => {
  await enrol("local");
  await enrol("second");
  await told("local", "11:58:10.000", 5, "11:50:00.000", [
    spooled("A", "11:58:01.000"),
    messageEvent({ id: "R", at: at("11:58:02.000").toISOString() }),
  ]);
  await told("local", "11:58:50.000", 7, "11:52:00.000", [
    spooled("B", "11:58:40.000"),
    delivered("C", "11:58:45.000"),
  ]);
  await told("second", "11:58:30.000", 10, "11:30:00.000", [spooled("D", "11:57:59.000")]);
  await told("local", "12:00:20.000", 1, "12:00:00.000", [
    delivered("E", "12:00:19.000"),
    delivered("F", "12:00:20.000", "outside"),
  ]);
});

describe("the queue over the last hour", () => {
  test("has the last word of each minute about how much waited and since when, all workers together", async () => {
    const { steps } = await readQueuePast("hour", all, now);
    expect(steps).toHaveLength(60);
    expect(steps.at(-3)).toEqual({
      at: at("11:58:00.000").toISOString(),
      depth: 17,
      oldestMs: 29 * 60_000,
      arrivals: 2,
      deliveries: 1,
    });
    expect(steps.at(-1)).toMatchObject({ depth: 1, oldestMs: 30_000, arrivals: 0, deliveries: 2 });
  });

  test("says of a minute that no worker told of that nothing is known, and counts what came in it all the same", async () => {
    const { steps } = await readQueuePast("hour", all, now);
    expect(steps.at(-2)).toMatchObject({ depth: null, oldestMs: null, arrivals: 0, deliveries: 0 });
    expect(steps.at(-4)).toMatchObject({ depth: null, oldestMs: null, arrivals: 1, deliveries: 0 });
  });

  test("counts an event once, however often it is reported", async () => {
    await told("local", "12:00:25.000", 1, "12:00:00.000", [delivered("E", "12:00:19.000")]);
    expect((await readQueuePast("hour", all, now)).steps.at(-1)).toMatchObject({ deliveries: 2 });
  });
});

test("over a day and a week, steps have the most that waited in one of their minutes", async () => {
  const day = await readQueuePast("day", all, now);
  expect(day.steps).toHaveLength(72);
  expect(day.steps.at(-2)).toMatchObject({
    at: at("11:40:00.000").toISOString(),
    depth: 17,
    arrivals: 3,
    deliveries: 1,
  });
  const week = await readQueuePast("week", all, now);
  expect(week.steps).toHaveLength(84);
  expect(week.steps.at(-1)).toMatchObject({ at: at("12:00:00.000").toISOString(), depth: 1, deliveries: 2 });
});

describe("the queue of a route", () => {
  const of = async (route: string) => (await readQueuePast("hour", { ...all, route }, now)).steps;

  test("has what waited for it, and what came and went by it, at all workers", async () => {
    const inside = await of("inside");
    expect(inside.at(-3)).toMatchObject({ depth: 15, oldestMs: 29 * 60_000, arrivals: 2, deliveries: 0 });
    expect(inside.at(-1)).toMatchObject({ depth: 0, arrivals: 0, deliveries: 0 });
    expect((await of("outside")).at(-1)).toMatchObject({ depth: 1, arrivals: 0, deliveries: 1 });
  });

  test("is not known of a name that no worker told, nor of a route of mail retrieval", async () => {
    for (const route of ["gone", "mailbox"])
      expect((await of(route)).filter(({ depth }) => depth !== null)).toEqual([]);
  });
});

test("of one worker there is what it told itself", async () => {
  const { steps } = await readQueuePast("hour", { route: null, workerId: "second" }, now);
  expect(steps.at(-3)).toMatchObject({ depth: 10, oldestMs: 29 * 60_000, arrivals: 0 });
  expect(steps.at(-4)).toMatchObject({ depth: null, arrivals: 1 });
  expect(steps.at(-1)).toMatchObject({ depth: null });
});

test("minutes that no chart goes back to are deleted with the next report", async () => {
  const old = { minute: new Date("2025-12-28T11:00:00.000Z"), workerId: "gone", depth: 3 };
  const kept = { ...old, minute: new Date("2025-12-29T13:00:00.000Z") };
  await database().queueMinute.createMany({ data: [old, { ...old, route: "inside" }, kept] });
  await told("local", "12:00:27.000", 1, "12:00:00.000");
  expect(await database().queueMinute.findMany({ where: { workerId: "gone" } })).toMatchObject([kept]);
});
