import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { queueMessage } from "../../support/queued-message.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { SimulatedDisk } from "../../support/simulated-disk.ts";

async function openSpool(disk: SimulatedDisk, cleanedBytesPerSecond = 1e9): Promise<SegmentSpool> {
  return await SegmentSpool.open({
    ...{ stateDir: "/state", disk: disk.mount(), now: Date.now, freeBytesMin: 0 },
    ...{ segmentBytes: 30_000, cleanedBytesPerSecond },
    damaged: (file, reason) => {
      throw new Error(`${file}: ${reason}`);
    },
  });
}

const segments = (disk: SimulatedDisk): string[] => disk.paths().filter((path) => path.endsWith(".seg"));
const body = (n: number): string => `message ${n} `.padEnd(2_000, "x");

async function fill(spool: SegmentSpool, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push(await queueMessage(spool, body(n)));
  return ids;
}

async function contents(spool: SegmentSpool): Promise<string[]> {
  const all: string[] = [];
  for (const id of spool.ids()) {
    const message = await spool.load(id);
    if (message !== null) all.push(await text(message.open()));
  }
  return all;
}

test("a segment that nothing needs is deleted at once, also with older ones in front of it", async () => {
  const disk = new SimulatedDisk(seededRandom(1));
  const spool = await openSpool(disk);
  const ids = await fill(spool, 45);
  const [, second = ""] = segments(disk);
  const inSecond = ids.filter((id) => disk.bytesOf(second).includes(id));
  expect(inSecond.length).toBeGreaterThan(5);
  await Promise.all(inSecond.map((id) => spool.command(id, "delete")));
  await spool.cleaned();
  expect(segments(disk)).not.toContain(second);
  expect([...spool.ids()]).toHaveLength(45 - inSecond.length);
});

test("sparse segments are written anew: what is left takes little space, whole and in its state, after a power cut too", async () => {
  const disk = new SimulatedDisk(seededRandom(2));
  const spool = await openSpool(disk);
  const ids = await fill(spool, 100);
  const kept = ids.filter((_, n) => n % 10 === 0);
  await spool.command(kept[0] ?? "", "hold");
  expect(segments(disk).length).toBeGreaterThan(6);
  await Promise.all(ids.filter((id) => !kept.includes(id)).map((id) => spool.command(id, "delete")));
  await spool.cleaned();
  expect(segments(disk).length).toBeLessThanOrEqual(3);
  disk.cutPower();
  const again = await openSpool(disk);
  expect([...again.ids()].sort()).toEqual([...kept].sort());
  expect((await contents(again)).sort()).toEqual(kept.map((_, n) => body(n * 10)).sort());
  expect(again.entry(kept[0] ?? "")?.state).toBe("held");
});

test("a power cut at any moment of a cleaning loses nothing, and brings nothing back", async () => {
  for (let turns = 0; turns < 160; turns += 2) {
    const disk = new SimulatedDisk(seededRandom(turns));
    const spool = await openSpool(disk);
    const ids = await fill(spool, 40);
    const kept = ids.filter((_, n) => n % 8 === 0);
    await Promise.all(ids.filter((id) => !kept.includes(id)).map((id) => spool.command(id, "delete")));
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    // In the middle of it one of those that move is removed.
    const removed = kept.splice(2, 1)[0] ?? "";
    await spool.command(removed, "delete");
    disk.cutPower();
    for (let start = 0; start < 2; start++) {
      const again = await openSpool(disk);
      expect([...again.ids()].sort(), `after ${turns} turns, start ${start}`).toEqual([...kept].sort());
      expect(await contents(again)).toHaveLength(kept.length);
      await again.cleaned();
      disk.cutPower();
    }
  }
}, 60_000);

test("mail comes and goes while segments are cleaned slowly", async () => {
  const disk = new SimulatedDisk(seededRandom(4));
  const spool = await openSpool(disk, 1);
  const ids = await fill(spool, 60);
  await Promise.all(ids.slice(0, 50).map((id) => spool.command(id, "delete")));
  const before = segments(disk).length;
  const late = await fill(spool, 5);
  for (const id of [...late, ...ids.slice(50)]) expect(await spool.load(id)).not.toBeNull();
  expect(before).toBeGreaterThan(0);
  await spool.close();
});
