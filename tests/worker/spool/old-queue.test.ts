import { text } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { newProgress } from "#worker/spool/queue-record.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { encodeEnd, encodeStart } from "#worker/spool/spool-format.ts";
import { envelopeOf } from "../../support/queued-message.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { SimulatedDisk } from "../../support/simulated-disk.ts";

async function openSpool(disk: SimulatedDisk, damaged: string[] = []): Promise<SegmentSpool> {
  return await SegmentSpool.open({
    ...{ stateDir: "/state", disk: disk.mount(), now: Date.now, freeBytesMin: 0 },
    damaged: (file, reason) => damaged.push(`${file}: ${reason}`),
  });
}

const recipients = ["a", "b"].map((name) => ({ address: `${name}@example.test`, parameters: [] }));

/** A message as workers wrote it before there was a log. */
function putOld(disk: SimulatedDisk, content: string, progress?: object): string {
  const envelope = envelopeOf({ recipients });
  const bytes = Buffer.from(content);
  const file = Buffer.concat([encodeStart(envelope), bytes, encodeEnd("Old", bytes.length, crc32(bytes))]);
  disk.put(`/state/spool/messages/${envelope.id}.msg`, file);
  if (progress !== undefined)
    disk.put(`/state/spool/progress/${envelope.id}.json`, Buffer.from(JSON.stringify({ version: 1, ...progress })));
  return envelope.id;
}

async function contentOf(spool: SegmentSpool, id: string): Promise<string | null> {
  const message = await spool.load(id);
  return message === null ? null : await text(message.open());
}

const large = "large ".repeat(60_000);

test("a queue of a file per message is taken over: contents, outcomes, holds; nothing of it is left behind", async () => {
  const disk = new SimulatedDisk(seededRandom(1));
  const fresh = putOld(disk, "fresh\r\n");
  const halfDone = putOld(disk, large, { ...newProgress(2), state: "deferred", outcomes: "dp", attempts: 3 });
  const held = putOld(disk, "held\r\n", { ...newProgress(2), state: "held" });
  const doubtful = putOld(disk, "doubtful\r\n", { state: "def" });
  disk.put("/state/spool/incoming/01UNFINISHED", Buffer.from("half a mess"));
  const damaged: string[] = [];
  await (await openSpool(disk, damaged)).close();
  const spool = await openSpool(disk, damaged);
  expect(damaged).toEqual([]);
  expect(spool.entry(fresh)).toMatchObject({ state: "ready", subject: "Old", sender: "ann@example.org" });
  expect(spool.entry(halfDone)).toMatchObject({ state: "deferred", attempts: 3, recipients: ["b@example.test"] });
  expect(spool.entry(held)).toMatchObject({ state: "held" });
  expect(spool.entry(doubtful)).toMatchObject({ state: "held", lastReply: expect.stringMatching(/^Held: /) });
  expect(await contentOf(spool, fresh)).toBe("fresh\r\n");
  expect(await contentOf(spool, halfDone)).toBe(large);
  const messages = disk.paths().filter((path) => /^\/state\/spool\/(?!log|delivered)/.test(path));
  expect(messages).toEqual([`/state/spool/large/${halfDone}.msg`]);
});

test("files of the old queue that are damaged are set aside and named", async () => {
  const disk = new SimulatedDisk(seededRandom(2));
  const good = putOld(disk, "good\r\n");
  const cut = putOld(disk, "cut\r\n");
  disk.put(`/state/spool/messages/${cut}.msg`, disk.bytesOf(`/state/spool/messages/${cut}.msg`).subarray(0, 200));
  const damaged: string[] = [];
  const spool = await openSpool(disk, damaged);
  expect([...spool.ids()]).toEqual([good]);
  expect(damaged).toEqual([`${cut}.msg: its end is missing`]);
  expect(disk.paths()).toContain(`/state/spool/corrupt/${cut}.msg`);
});

test("a power cut at any moment of it loses and doubles nothing", async () => {
  for (let turns = 0; turns < 60; turns += 1) {
    const disk = new SimulatedDisk(seededRandom(turns));
    const ids = [
      putOld(disk, "one\r\n"),
      putOld(disk, large),
      putOld(disk, "three\r\n", { ...newProgress(2), attempts: 1 }),
    ];
    void openSpool(disk);
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    disk.cutPower();
    const spool = await openSpool(disk);
    expect([...spool.ids()].sort(), `after ${turns} turns`).toEqual([...ids].sort());
    expect(await contentOf(spool, ids[0] ?? "")).toBe("one\r\n");
    expect(await contentOf(spool, ids[1] ?? "")).toBe(large);
    expect(spool.entry(ids[2] ?? "")?.attempts).toBe(1);
  }
});
