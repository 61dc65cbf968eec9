import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { newProgress } from "#worker/spool/queue-record.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { queueMessage } from "../../support/queued-message.ts";
import { garble, segmentPaths } from "../../support/segment-bytes.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function openSpool(stateDir: string): Promise<{ spool: SegmentSpool; damaged: string[] }> {
  const damaged: string[] = [];
  const spool = await SegmentSpool.open({
    stateDir,
    now: Date.now,
    damaged: (file, reason) => damaged.push(`${file}: ${reason}`),
  });
  return { spool, damaged };
}

async function contentOf(spool: SegmentSpool, id: string): Promise<string | null> {
  const message = await spool.load(id);
  return message === null ? null : await text(message.open());
}

/** A queue of messages whose bodies are their names. */
async function queueOf(stateDir: string, names: readonly string[]): Promise<string[]> {
  const { spool } = await openSpool(stateDir);
  const ids: string[] = [];
  for (const name of names) {
    const message = `Subject: x\r\n\r\n${name} `.padEnd(2_000, "x");
    ids.push(await queueMessage(spool, message, { sender: `${name}@sender.test` }));
  }
  await spool.close();
  return ids;
}

const corrupt = (stateDir: string): string[] => readdirSync(join(stateDir, "spool/corrupt"));

test("a garbled message, envelope or record is kept aside and named; those before and behind it are kept", async () => {
  const stateDir = temporaryFolder();
  const ids = await queueOf(stateDir, ["first", "body", "envelope", "fourth", "header", "last"]);
  garble(stateDir, "body ", "BODY");
  garble(stateDir, "envelope@", "ENVELOPE");
  garble(stateDir, "header@", "");
  const [path = ""] = segmentPaths(stateDir);
  const bytes = readFileSync(path);
  // The header of a record stands right before its JSON.
  const head = bytes.lastIndexOf('{"envelope"', bytes.indexOf("header@"));
  bytes[head - 30] = (bytes[head - 30] ?? 0) ^ 1;
  writeFileSync(path, bytes);

  const { spool, damaged } = await openSpool(stateDir);
  expect(damaged).toHaveLength(2);
  expect(damaged[0]).toMatch(/the envelope of a queued message is damaged/);
  expect(damaged[1]).toMatch(/\d+ octets of the queue are damaged/);
  const [first = "", body = "", , fourth = "", , last = ""] = ids;
  expect([...spool.ids()].sort()).toEqual([first, body, fourth, last].sort());
  expect(spool.claim(body)).not.toBeNull();
  expect(await contentOf(spool, body)).toBeNull();
  expect(damaged[2]).toBe(`${body}.record: its message is damaged`);
  for (const [id, name] of [
    [first, "first"],
    [fourth, "fourth"],
    [last, "last"],
  ] as const) {
    expect(await contentOf(spool, id)).toContain(`${name} `);
  }
  expect(await spool.corruptFiles()).toHaveLength(3);
  await spool.close();
});

test("damage is told once: what is sound beside it is written anew, and the damaged place goes with its segment", async () => {
  const stateDir = temporaryFolder();
  const ids = await queueOf(stateDir, ["first", "second", "third"]);
  garble(stateDir, "second@", "SECOND");
  const { spool, damaged } = await openSpool(stateDir);
  expect(damaged).toHaveLength(1);
  await spool.cleaned();
  await spool.close();
  for (const name of corrupt(stateDir)) rmSync(join(stateDir, "spool/corrupt", name));
  const again = await openSpool(stateDir);
  expect(again.damaged).toEqual([]);
  expect([...again.spool.ids()]).toEqual([ids[0], ids[2]]);
  for (const [index, name] of [
    [0, "first"],
    [2, "third"],
  ] as const) {
    expect(await contentOf(again.spool, ids[index] ?? "")).toContain(`${name} `);
  }
});

test("every flipped bit is found before a message is handed out, and costs no other message", async () => {
  const original = temporaryFolder();
  const [first = "", middle = "", last = ""] = await queueOf(original, ["first", "middle", "last"]);
  const [from = ""] = segmentPaths(original);
  const bytes = readFileSync(from);
  const start = bytes.indexOf(first) - 60;
  const end = bytes.indexOf("last ") + 10;
  const name = from.slice(original.length);
  for (let at = start; at < end; at += 67) {
    const stateDir = temporaryFolder();
    await (await openSpool(stateDir)).spool.close();
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
    writeFileSync(join(stateDir, name), flipped);
    const { spool } = await openSpool(stateDir);
    const contents = await Promise.all([first, middle, last].map((id) => contentOf(spool, id)));
    const whole = ["first", "middle", "last"].filter((word, index) => contents[index]?.includes(`\n${word} `));
    expect(whole.length, `octet ${at}`).toBeGreaterThanOrEqual(2);
    for (const content of contents)
      if (content !== null) expect(content).toMatch(/^Subject: x\r\n\r\n(first|middle|last) x+$/);
    await spool.close();
  }
}, 60_000);

test("a segment that was cut or emptied is told of, and what is left of it is kept", async () => {
  const stateDir = temporaryFolder();
  const [kept = ""] = await queueOf(stateDir, ["kept", "cut"]);
  const [path = ""] = segmentPaths(stateDir);
  truncateSync(path, readFileSync(path).indexOf("cut ") + 2);
  const cut = await openSpool(stateDir);
  expect(cut.damaged).toHaveLength(1);
  expect([...cut.spool.ids()]).toEqual([kept]);
  await cut.spool.cleaned();
  await cut.spool.close();
  const [left = ""] = segmentPaths(stateDir);
  writeFileSync(left, Buffer.alloc(300_000));
  const emptied = await openSpool(stateDir);
  expect(emptied.damaged).toHaveLength(1);
  expect(emptied.damaged[0]).toMatch(/the beginning of a segment is damaged/);
  await emptied.spool.close();
});

test("what became of a message is damaged: a person is asked instead of sending it again", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const id = await queueMessage(spool, "x\r\n");
  spool.claim(id);
  await spool.settle(id, { ...newProgress(1), state: "deferred", attempts: 1, lastReply: "451 later" });
  await queueMessage(spool, "y\r\n");
  await spool.close();
  garble(stateDir, "451 later", "452");
  for (let start = 0; start < 2; start++) {
    const again = await openSpool(stateDir);
    expect(again.spool.entry(id)).toMatchObject({ state: "held", recipients: ["bob@example.test"] });
    await again.spool.cleaned();
    await again.spool.close();
  }
});

test("a sender who writes records into a message cannot have one taken for ours when the log is damaged", async () => {
  const attack = temporaryFolder();
  await queueOf(attack, ["forged"]);
  const [path = ""] = segmentPaths(attack);
  const forged = readFileSync(path);
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const id = await queueMessage(spool, forged.subarray(32, 2_000).toString("latin1"), {
    sender: "carrier@sender.test",
  });
  await queueMessage(spool, "behind\r\n");
  await spool.close();
  const [segment = ""] = segmentPaths(stateDir);
  const bytes = readFileSync(segment);
  const header = bytes.indexOf('{"envelope"') - 30;
  bytes[header] = (bytes[header] ?? 0) ^ 1;
  writeFileSync(segment, bytes);
  const again = await openSpool(stateDir);
  expect(again.damaged).toHaveLength(1);
  expect([...again.spool.ids()].map((known) => again.spool.entry(known)?.sender)).toEqual(["ann@example.org"]);
  expect(again.spool.entry(id)).toBeNull();
});

test("a large message whose file is cut, garbled or gone is never sent, and is named", async () => {
  const stateDir = temporaryFolder();
  const { spool, damaged } = await openSpool(stateDir);
  const ids: string[] = [];
  for (let n = 0; n < 4; n++) ids.push(await queueMessage(spool, `${n}`.repeat(300_000)));
  const [cut = "", garbled = "", gone = "", whole = ""] = ids;
  const file = (id: string): string => join(stateDir, "spool/large", `${id}.msg`);
  truncateSync(file(cut), 1_000);
  writeFileSync(file(garbled), readFileSync(file(garbled)).fill("z", 5_000, 5_001));
  rmSync(file(gone));
  for (const id of [cut, garbled, gone]) expect(await contentOf(spool, id)).toBeNull();
  expect(damaged.map((line) => line.replace(/^\w+/, "ID"))).toEqual([
    "ID.msg: its end is missing",
    "ID.msg: its message is damaged",
    "ID.record: its file is missing",
  ]);
  expect([...(await openSpool(stateDir)).spool.ids()]).toEqual([whole]);
});
