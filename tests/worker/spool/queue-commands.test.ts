import { expect, test } from "vitest";
import { newProgress } from "#worker/spool/queue-record.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { queueMessage } from "../../support/queued-message.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const openSpool = (stateDir: string): Promise<SegmentSpool> =>
  SegmentSpool.open({ stateDir, now: Date.now, damaged: () => undefined });

const deferred = { ...newProgress(1), state: "deferred", attempts: 1, nextAttemptAt: Date.now() + 60_000 } as const;

test("hold stops attempts and survives a restart; release makes the message due at once", async () => {
  const stateDir = temporaryFolder();
  const spool = await openSpool(stateDir);
  const id = await queueMessage(spool, "x\r\n");
  expect(await spool.command(id, "hold")).toEqual({ done: true, reason: null });
  expect(spool.claim(id)).toBeNull();
  const again = await openSpool(stateDir);
  expect(again.entry(id)?.state).toBe("held");
  expect(await again.command(id, "release")).toEqual({ done: true, reason: null });
  expect(again.entry(id)).toMatchObject({ state: "ready", nextAttemptAt: null });
  expect((await openSpool(stateDir)).entry(id)?.state).toBe("ready");
});

test("retry-now makes a deferred message due at once", async () => {
  const spool = await openSpool(temporaryFolder());
  const id = await queueMessage(spool, "x\r\n");
  spool.claim(id);
  await spool.settle(id, deferred);
  expect(await spool.command(id, "retry-now")).toEqual({ done: true, reason: null });
  expect(spool.entry(id)).toMatchObject({ state: "ready", nextAttemptAt: null, attempts: 1 });
});

test("retry-now asks refused recipients again", async () => {
  const spool = await openSpool(temporaryFolder());
  const id = await queueMessage(spool, "x\r\n");
  spool.claim(id);
  await spool.settle(id, { ...newProgress(1), state: "failed", outcomes: "f", attempts: 1, lastReply: "550 no" });
  expect(spool.entry(id)).toMatchObject({ state: "failed", recipients: ["bob@example.test"] });
  await spool.command(id, "retry-now");
  expect(spool.entry(id)).toMatchObject({ state: "ready", recipients: ["bob@example.test"] });
});

test("delete removes the message for good", async () => {
  const stateDir = temporaryFolder();
  const spool = await openSpool(stateDir);
  const id = await queueMessage(spool, "x\r\n");
  expect(await spool.command(id, "delete")).toEqual({ done: true, reason: null });
  expect([...spool.ids()]).toEqual([]);
  expect([...(await openSpool(stateDir)).ids()]).toEqual([]);
});

test("hold during an attempt lets it finish, holds what remains, and survives a crash before the end", async () => {
  const stateDir = temporaryFolder();
  const spool = await openSpool(stateDir);
  const id = await queueMessage(spool, "x\r\n");
  spool.claim(id);
  const answer = await spool.command(id, "hold");
  expect(answer.done).toBe(true);
  expect(answer.reason).toContain("an attempt is under way");
  expect((await openSpool(stateDir)).entry(id)?.state).toBe("held");
  await spool.settle(id, deferred);
  expect(spool.entry(id)).toMatchObject({ state: "held", nextAttemptAt: null });
});

test("hold during an attempt that delivers comes too late: the message is gone", async () => {
  const spool = await openSpool(temporaryFolder());
  const id = await queueMessage(spool, "x\r\n");
  spool.claim(id);
  await spool.command(id, "hold");
  await spool.settle(id, { ...newProgress(1), state: "failed", outcomes: "d" });
  expect(spool.entry(id)).toBeNull();
});

test("delete during an attempt lets it finish and then removes the message", async () => {
  const spool = await openSpool(temporaryFolder());
  const id = await queueMessage(spool, "x\r\n");
  spool.claim(id);
  const answer = await spool.command(id, "delete");
  expect(answer).toMatchObject({ done: true, reason: expect.stringContaining("an attempt is under way") });
  expect(spool.entry(id)?.state).toBe("delivering");
  await spool.settle(id, deferred);
  expect(spool.entry(id)).toBeNull();
});

test("delete during an attempt holds after a crash: nothing is tried after it", async () => {
  const stateDir = temporaryFolder();
  const spool = await openSpool(stateDir);
  const id = await queueMessage(spool, "x\r\n");
  spool.claim(id);
  await spool.command(id, "delete");
  const again = await openSpool(stateDir);
  expect(again.entry(id)?.state).toBe("held");
  expect(again.claim(id)).toBeNull();
});

test("commands that make no sense are not done and say why", async () => {
  const spool = await openSpool(temporaryFolder());
  const id = await queueMessage(spool, "x\r\n");
  expect(await spool.command(id, "release")).toEqual({ done: false, reason: "it is not held" });
  expect(await spool.command("01MISSING", "hold")).toEqual({ done: false, reason: "it is not in the queue" });
  await spool.command(id, "hold");
  expect(await spool.command(id, "hold")).toEqual({ done: false, reason: "it is held already" });
  expect(await spool.command(id, "retry-now")).toEqual({ done: false, reason: "it is held: release it" });
});

test("reroute sends it by another route, due at once, also what had failed or was held, and survives a restart", async () => {
  const stateDir = temporaryFolder();
  const spool = await openSpool(stateDir);
  const [held, failed] = [await queueMessage(spool, "x\r\n"), await queueMessage(spool, "y\r\n")];
  await spool.command(held, "hold");
  await spool.command(failed, "return", { text: "no" });
  expect(spool.entry(failed)).toMatchObject({ state: "failed", cause: "returned" });
  for (const id of [held, failed]) {
    expect(await spool.command(id, "reroute", { route: "other" })).toEqual({ done: true, reason: null });
    expect(spool.entry(id)).toMatchObject({ state: "ready", route: "other", destination: "other", cause: null });
  }
  expect(spool.counts()).toMatchObject([{ route: "other", destination: "other", count: 2 }]);
  await spool.close();
  const again = await openSpool(stateDir);
  expect(again.record(held)).toMatchObject({ route: "other", rerouted: "other", state: "ready" });
  again.claim(held);
  await again.settle(held, { ...deferred, rerouted: "other" });
  expect(again.entry(held)?.route).toBe("other");
});

test("reroute is not done during an attempt, to where it goes already, or without a route", async () => {
  const spool = await openSpool(temporaryFolder());
  const id = await queueMessage(spool, "x\r\n");
  const reroute = async (route?: string) => (await spool.command(id, "reroute", { route })).reason;
  expect(await reroute("inside")).toBe("it goes by inside already");
  expect(await reroute()).toBe("no route is named");
  spool.claim(id);
  expect(await reroute("other")).toBe("an attempt is under way");
});
