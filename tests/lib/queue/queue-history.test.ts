import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WorkerEvent } from "#core/contract/event.ts";
import { closeDatabase } from "#lib/db.ts";
import { readQueuePast } from "#lib/queue/history.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { messageEvent, report } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const now = new Date("2026-01-05T12:00:30.000Z");
const at = (clock: string) => new Date(`2026-01-05T${clock}Z`);

function spooled(id: string, clock: string): WorkerEvent {
  return messageEvent({ id, at: at(clock).toISOString(), outcome: "spooled" });
}

function delivered(id: string, clock: string): WorkerEvent {
  const attempt = { attempt: 1, recipients: [], upstream: null, reply: "250 2.0.0 Ok", nextAttemptAt: null };
  return { kind: "delivery", id, at: at(clock).toISOString(), messageId: "M", result: "delivered", ...attempt };
}

async function told(worker: string, clock: string, depth: number, oldest: string | null, events: WorkerEvent[] = []) {
  const queue = { depth, bytes: depth * 1_000, oldestAt: oldest === null ? null : at(oldest).toISOString() };
  const { status } = report(1);
  await reported({ status: { ...status, queue }, events }, at(clock), worker);
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
    delivered("F", "12:00:20.000"),
  ]);
});

describe("the queue over the last hour", () => {
  test("has the last word of each minute about how much waited and since when, all workers together", async () => {
    const { steps } = await readQueuePast("hour", now);
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
    const { steps } = await readQueuePast("hour", now);
    expect(steps.at(-2)).toMatchObject({ depth: null, oldestMs: null, arrivals: 0, deliveries: 0 });
    expect(steps.at(-4)).toMatchObject({ depth: null, oldestMs: null, arrivals: 1, deliveries: 0 });
  });

  test("counts an event once, however often it is reported", async () => {
    await told("local", "12:00:25.000", 1, "12:00:00.000", [delivered("E", "12:00:19.000")]);
    expect((await readQueuePast("hour", now)).steps.at(-1)).toMatchObject({ deliveries: 2 });
  });
});

test("over a day and a week, steps have the most that waited in one of their minutes", async () => {
  const day = await readQueuePast("day", now);
  expect(day.steps).toHaveLength(72);
  expect(day.steps.at(-2)).toMatchObject({
    at: at("11:40:00.000").toISOString(),
    depth: 17,
    arrivals: 3,
    deliveries: 1,
  });
  const week = await readQueuePast("week", now);
  expect(week.steps).toHaveLength(84);
  expect(week.steps.at(-1)).toMatchObject({ at: at("12:00:00.000").toISOString(), depth: 1, deliveries: 2 });
});
