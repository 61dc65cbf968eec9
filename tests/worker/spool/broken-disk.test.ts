import { text } from "node:stream/consumers";
import { expect, test, vi } from "vitest";
import { newProgress } from "#worker/spool/queue-record.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { envelopeOf, queueMessage } from "../../support/queued-message.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { errorOf, SimulatedDisk } from "../../support/simulated-disk.ts";
import { waitUntil } from "../../support/wait-until.ts";

async function openSpool(disk: SimulatedDisk, damaged: string[] = [], freeBytesMin = 0): Promise<SegmentSpool> {
  return await SegmentSpool.open({
    ...{ stateDir: "/state", disk: disk.mount(), now: Date.now, freeBytesMin },
    damaged: (file, reason) => damaged.push(`${file}: ${reason}`),
  });
}

async function contentOf(spool: SegmentSpool, id: string): Promise<string | null> {
  const message = await spool.load(id);
  return message === null ? null : await text(message.open());
}

const segments = (disk: SimulatedDisk): string[] => disk.paths().filter((path) => path.endsWith(".seg"));

test("messages that arrive at once share one flush, and each is answered only after it", async () => {
  const disk = new SimulatedDisk(seededRandom(1));
  const spool = await openSpool(disk);
  await queueMessage(spool, "the first makes the segment\r\n");
  let flushes = 0;
  disk.fault = (call) => {
    if (call === "flush") flushes++;
    return null;
  };
  const flushesBefore = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      await queueMessage(spool, `${n}\r\n`);
      return flushes;
    }),
  );
  expect(Math.min(...flushesBefore)).toBeGreaterThan(0);
  expect(flushes).toBeLessThanOrEqual(3);
});

test("after a failed flush the segment is given up and the group goes to a new one: answered, and there after a power cut", async () => {
  const disk = new SimulatedDisk(seededRandom(2));
  const spool = await openSpool(disk);
  const before = await queueMessage(spool, "before\r\n");
  let fails = 1;
  disk.fault = (call, path) => (call === "flush" && fails-- > 0 ? errorOf("EIO", path) : null);
  const id = await queueMessage(spool, "precious\r\n");
  expect(segments(disk)).toHaveLength(2);
  disk.cutPower();
  const again = await openSpool(disk);
  expect(await contentOf(again, id)).toBe("precious\r\n");
  expect(await contentOf(again, before)).toBe("before\r\n");
  expect([...again.ids()]).toHaveLength(2);
});

test("when the new segment fails as well the sender hears it, the message does not count later, and then the queue goes on", async () => {
  const disk = new SimulatedDisk(seededRandom(3));
  const spool = await openSpool(disk);
  await queueMessage(spool, "before\r\n");
  let flushes = 0;
  // The group's flush; of the new segment its header and space, and the group again.
  disk.fault = (call, path) => (call === "flush" && [1, 4].includes(++flushes) ? errorOf("EIO", path) : null);
  await expect(queueMessage(spool, "refused\r\n")).rejects.toThrow("EIO");
  expect(spool.full()).toMatch(/the queue cannot be written: EIO/);
  const after = await queueMessage(spool, "after\r\n");
  expect(spool.full()).toBeNull();
  disk.killProcess();
  const again = await openSpool(disk);
  expect([...again.ids()]).toHaveLength(2);
  expect(await contentOf(again, after)).toBe("after\r\n");
});

test("a disk that fills refuses messages and keeps what is true already; with room it goes on without a restart", async () => {
  const disk = new SimulatedDisk(seededRandom(4));
  const spool = await openSpool(disk);
  const id = await queueMessage(spool, "x".repeat(100_000));
  disk.bytesMax = 300_000;
  await expect(queueMessage(spool, "y".repeat(200_000))).rejects.toThrow("ENOSPC");
  // There is room for this in what the segment has already.
  spool.claim(id);
  await spool.settle(id, { ...newProgress(1), state: "deferred", attempts: 1 });
  const small = await queueMessage(spool, "small\r\n");
  disk.bytesMax = Number.POSITIVE_INFINITY;
  const large = await queueMessage(spool, "z".repeat(200_000));
  disk.cutPower();
  const again = await openSpool(disk);
  expect([...again.ids()]).toEqual([id, small, large]);
  expect(again.entry(id)).toMatchObject({ attempts: 1 });
});

test("in one group with a message that finds no room, what is true already is kept", async () => {
  const disk = new SimulatedDisk(seededRandom(5));
  const spool = await openSpool(disk);
  const id = await queueMessage(spool, "x".repeat(100_000));
  disk.bytesMax = 300_000;
  spool.claim(id);
  const refused = queueMessage(spool, "y".repeat(200_000));
  const settled = spool.settle(id, { ...newProgress(1), state: "failed", outcomes: "d" });
  await expect(refused).rejects.toThrow("ENOSPC");
  await settled;
  disk.cutPower();
  expect([...(await openSpool(disk)).ids()]).toEqual([]);
});

test("too little room is known before it hurts, and its end as well", async () => {
  const disk = new SimulatedDisk(seededRandom(6));
  let now = 0;
  const options = { stateDir: "/state", disk: disk.mount(), damaged: () => undefined, freeBytesMin: 100_000 };
  const spool = await SegmentSpool.open({ ...options, now: () => now });
  expect(spool.full()).toBeNull();
  disk.bytesMax = 50_000;
  now += 1_000;
  expect(spool.full()).toMatch(/bytes are free under .* make room/);
  disk.bytesMax = 500_000;
  now += 1_000;
  expect(spool.full()).toBeNull();
});

test("what came of an attempt while the disk failed is written as soon as it works", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const disk = new SimulatedDisk(seededRandom(7));
    const spool = await openSpool(disk);
    const id = await queueMessage(spool, "delivered\r\n");
    spool.claim(id);
    disk.fault = (call, path) => (call === "flush" ? errorOf("EIO", path) : null);
    await expect(spool.settle(id, { ...newProgress(1), state: "failed", outcomes: "d" })).rejects.toThrow("EIO");
    disk.fault = () => null;
    await vi.advanceTimersByTimeAsync(1_000);
    await waitForTurns();
    expect(spool.full()).toBeNull();
    disk.cutPower();
    expect([...(await openSpool(disk)).ids()]).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

test("where nothing waits to be written, a failed disk is tried again by the next message", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const disk = new SimulatedDisk(seededRandom(11));
    const spool = await openSpool(disk);
    disk.fault = (call, path) => (call === "flush" ? errorOf("EIO", path) : null);
    await expect(queueMessage(spool, "refused\r\n")).rejects.toThrow("EIO");
    expect(spool.full()).toMatch(/cannot be written/);
    disk.fault = () => null;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(spool.full()).toBeNull();
    await queueMessage(spool, "taken\r\n");
  } finally {
    vi.useRealTimers();
  }
});

const waitForTurns = async (): Promise<void> => {
  for (let n = 0; n < 50; n++) await new Promise((resolve) => setImmediate(resolve));
};

test("what a disk cannot read at the start is damage of that place only", async () => {
  const disk = new SimulatedDisk(seededRandom(8));
  const spool = await openSpool(disk);
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) ids.push(await queueMessage(spool, `${n} `.repeat(10_000)));
  disk.killProcess();
  const mounted = disk.mount();
  // The bad sector lies in the third message.
  const read = mounted.read.bind(mounted);
  mounted.read = async (file, into, position) => {
    if (position <= 50_000 && position + into.length > 50_000) throw errorOf("EIO", "");
    return await read(file, into, position);
  };
  const damaged: string[] = [];
  const again = await SegmentSpool.open({
    ...{ stateDir: "/state", disk: mounted, now: Date.now, freeBytesMin: 0 },
    damaged: (file, reason) => damaged.push(`${file}: ${reason}`),
  });
  const loaded = await Promise.all(ids.map((id) => contentOf(again, id).catch((error: Error) => error.message)));
  expect(loaded.map((content, n) => content === `${n} `.repeat(10_000))).toEqual([true, true, false, true, true, true]);
});

test("a message that cannot be read now stays in the queue", async () => {
  const disk = new SimulatedDisk(seededRandom(9));
  const spool = await openSpool(disk);
  const id = await queueMessage(spool, "precious\r\n");
  // What was accepted just now is in memory still, once.
  await spool.load(id);
  disk.fault = (call, path) => (call === "read" ? errorOf("EIO", path) : null);
  await expect(spool.load(id)).rejects.toThrow("EIO");
  disk.fault = () => null;
  expect(await contentOf(spool, id)).toBe("precious\r\n");
});

test("a message that is given up while it is being written does not stay", async () => {
  const disk = new SimulatedDisk(seededRandom(10));
  const spool = await openSpool(disk);
  const writer = spool.begin(envelopeOf());
  writer.write(Buffer.from("x\r\n"));
  writer.commit(null, () => expect.unreachable());
  await new Promise((resolve) => setImmediate(resolve));
  writer.abort();
  await waitUntil("the writer ends", () => spool.writers === 0);
  await queueMessage(spool, "behind\r\n");
  expect([...spool.ids()]).toHaveLength(1);
  disk.cutPower();
  expect([...(await openSpool(disk)).ids()]).toHaveLength(1);
});
