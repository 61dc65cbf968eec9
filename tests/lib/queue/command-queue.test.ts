import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closeDatabase, database } from "#lib/db.ts";
import { commandQueue } from "#lib/queue/mutations.ts";
import { queueSelectionSchema } from "#lib/queue/selection.ts";
import { CommandReceiver } from "../../support/command-receiver.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { queueEntry } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();

const mara = { name: "Mara", address: "192.0.2.7" };
const one = { workerId: "local", id: "ONE" };
const two = { workerId: "local", id: "TWO" };
let receiver: CommandReceiver;

beforeAll(async () => {
  receiver = await CommandReceiver.listen();
  await enrol("local", receiver.url);
  await enrol("away", "http://127.0.0.1:9");
  const upserts = [queueEntry({ id: "ONE" }), queueEntry({ id: "TWO" })];
  await reported({ queue: { reset: true, upserts, removals: [] } });
});

let auditBefore = 0n;
beforeEach(async () => {
  const last = await database().auditEntry.findFirst({ orderBy: { sequence: "desc" } });
  auditBefore = last?.sequence ?? 0n;
});

afterEach(() => {
  receiver.asked.length = 0;
  receiver.refusals.clear();
  receiver.onAsked = async () => {};
});

afterAll(async () => {
  await receiver.close();
  await closeDatabase();
});

function auditRows() {
  return database().auditEntry.findMany({ where: { sequence: { gt: auditBefore } }, orderBy: { sequence: "asc" } });
}

describe("a queue command", () => {
  test("goes to the worker with the person's name and comes back with a result for each message", async () => {
    const results = await commandQueue({ command: "hold", entries: [one, two] }, mara);
    expect(receiver.asked).toEqual([{ command: "hold", ids: ["ONE", "TWO"], by: "Mara" }]);
    expect(results).toEqual([
      { ...one, done: true, reason: null },
      { ...two, done: true, reason: null },
    ]);
  });

  test("a return carries what senders are told", async () => {
    await commandQueue({ command: "return", text: "Wrong address", entries: [one] }, mara);
    expect(receiver.asked).toEqual([{ command: "return", text: "Wrong address", ids: ["ONE"], by: "Mara" }]);
    expect((await auditRows())[0]).toMatchObject({ action: "queue.return", detail: { text: "Wrong address" } });
  });

  test("is in the audit log, with the entries as they were, before the worker hears of it", async () => {
    let seen: string[] = [];
    receiver.onAsked = async () => {
      seen = (await auditRows()).map(({ action }) => action);
    };
    await commandQueue({ command: "delete", entries: [one] }, mara);
    expect(seen).toEqual(["queue.delete"]);
    const [row] = await auditRows();
    expect(row).toMatchObject({ actor: "Mara", object: "1 message" });
    expect(row?.detail).toMatchObject({ asked: [one], before: [{ id: "ONE", state: "deferred" }] });
  });

  test("changes no row of the console: the queue follows the worker's report", async () => {
    await commandQueue({ command: "delete", entries: [one, two] }, mara);
    expect(await database().queueEntry.count()).toBe(2);
  });

  test("tells which messages the worker refused, and audits that too", async () => {
    receiver.refusals.set("TWO", "it is being delivered");
    const results = await commandQueue({ command: "delete", entries: [one, two] }, mara);
    expect(results[1]).toEqual({ ...two, done: false, reason: "it is being delivered" });
    const rows = await auditRows();
    expect(rows.map(({ action }) => action)).toEqual(["queue.delete", "queue.refusal"]);
    expect(rows[1]?.summary).toBe("Refused or not confirmed for 1 of 2 messages: deletion without a bounce.");
  });

  test("to a worker that cannot be reached or is not known fails for its messages only", async () => {
    const entries = [one, { workerId: "away", id: "X" }, { workerId: "nobody", id: "Y" }];
    const results = await commandQueue({ command: "retry-now", entries }, mara);
    expect(results.map(({ done }) => done)).toEqual([true, false, false]);
    expect(results[1]?.reason).toContain("cannot be reached");
    expect(results[2]?.reason).toContain("not enrolled");
  });

  test("is refused without a message and for more than 1000", () => {
    const ask = (count: number) =>
      queueSelectionSchema.safeParse({ command: "hold", entries: Array.from({ length: count }, () => one) }).success;
    expect([ask(0), ask(1), ask(1_000), ask(1_001)]).toEqual([false, true, true, false]);
  });
});
