import { expect, test } from "vitest";
import { newProgress } from "#worker/spool/queue-record.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { envelopeOf, queueMessage } from "../../support/queued-message.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { errorOf, SimulatedDisk } from "../../support/simulated-disk.ts";

async function openSpool(disk: SimulatedDisk): Promise<SegmentSpool> {
  return await SegmentSpool.open({
    ...{ stateDir: "/state", disk: disk.mount(), now: Date.now, freeBytesMin: 0 },
    damaged: (file, reason) => {
      throw new Error(`${file}: ${reason}`);
    },
  });
}

const recipients = ["a", "b"].map((name) => ({ address: `${name}@example.test`, parameters: [] }));
const delivered = { ...newProgress(1), state: "failed", outcomes: "d" } as const;

test("a process that is killed right after the server's yes does not send the message again", async () => {
  const disk = new SimulatedDisk(seededRandom(1));
  const spool = await openSpool(disk);
  const [all, some] = [await queueMessage(spool, "x"), await queueMessage(spool, "y", { recipients })];
  spool.claim(all);
  spool.claim(some);
  void spool.settle(all, delivered);
  void spool.settle(some, {
    ...newProgress(2),
    state: "deferred",
    outcomes: "dp",
    attempts: 1,
    lastReply: "451 later",
  });
  disk.killProcess();
  for (let start = 0; start < 2; start++) {
    const again = await openSpool(disk);
    expect([...again.ids()]).toEqual([some]);
    expect(again.entry(some)).toMatchObject({ state: "deferred", attempts: 1, recipients: ["b@example.test"] });
    disk.cutPower();
  }
});

test("whom one of several servers has taken it for is noted at its answer, while the others are still asked", async () => {
  const disk = new SimulatedDisk(seededRandom(6));
  const spool = await openSpool(disk);
  const id = await queueMessage(spool, "x", { recipients });
  spool.claim(id);
  spool.taken(id, new Set([1]));
  disk.killProcess();
  const again = await openSpool(disk);
  expect(again.entry(id)).toMatchObject({ recipients: ["a@example.test"] });
  again.claim(id);
  again.taken(id, new Set([0]));
  disk.killProcess();
  expect([...(await openSpool(disk)).ids()]).toEqual([]);
});

test("a note is about that message only, also where a later one has its id", async () => {
  const disk = new SimulatedDisk(seededRandom(2));
  const spool = await openSpool(disk);
  const envelope = envelopeOf({ receivedAt: 1 });
  const id = await queueMessage(spool, "first", envelope);
  spool.claim(id);
  await spool.settle(id, delivered);
  await queueMessage(spool, "second", { ...envelope, receivedAt: 2 });
  disk.killProcess();
  expect([...(await openSpool(disk)).ids()]).toEqual([id]);
});

test("what a person deleted during the attempt is not tried after a crash, whom it reached or not", async () => {
  const disk = new SimulatedDisk(seededRandom(3));
  const spool = await openSpool(disk);
  const id = await queueMessage(spool, "x", { recipients });
  spool.claim(id);
  await spool.command(id, "delete");
  void spool.settle(id, { ...newProgress(2), state: "deferred", outcomes: "dp", attempts: 1 });
  disk.killProcess();
  expect((await openSpool(disk)).claim(id)).toBeNull();
});

test("thousands of notes take turns in two small files", async () => {
  const disk = new SimulatedDisk(seededRandom(4));
  const spool = await openSpool(disk);
  const id = await queueMessage(spool, "x", { recipients });
  const lastReply = "4".repeat(500);
  for (let n = 0; n < 1_000; n++) {
    const outcomes = n % 2 === 0 ? "dp" : "pp";
    void spool.settle(id, { ...newProgress(2), state: "deferred", outcomes, attempts: n, lastReply });
  }
  const sizes = ["a", "b"].map((name) => disk.bytesOf(`/state/spool/delivered-${name}`).length);
  for (const size of sizes) expect(size).toBeGreaterThan(100_000);
  for (const size of sizes) expect(size).toBeLessThanOrEqual(256 * 1024);
});

test("a disk that takes no note takes the outcome all the same", async () => {
  const disk = new SimulatedDisk(seededRandom(5));
  const spool = await openSpool(disk);
  const id = await queueMessage(spool, "x");
  disk.fault = (call, path) => (call === "write" && path.includes("delivered") ? errorOf("ENOSPC", path) : null);
  spool.claim(id);
  await spool.settle(id, delivered);
  expect([...spool.ids()]).toEqual([]);
});
