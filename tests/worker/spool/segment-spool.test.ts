import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { newProgress } from "#worker/spool/queue-record.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { envelopeOf, queueMessage } from "../../support/queued-message.ts";
import { segmentPaths } from "../../support/segment-bytes.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";

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

const largeFiles = (stateDir: string): string[] => readdirSync(join(stateDir, "spool/large"));

test("a committed message is read back octet for octet, with its envelope, after a restart", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const message = "Subject: caf\u00e9\r\n\r\n.dot\r\n" + "x".repeat(700_000) + "\r\n";
  const id = await queueMessage(spool, message);
  const { spool: again } = await openSpool(stateDir);
  expect(await contentOf(again, id)).toBe(message);
  const loaded = await again.load(id);
  expect(loaded?.envelope.mailParameters).toEqual(["BODY=8BITMIME"]);
  expect(loaded?.envelope.recipients).toEqual([{ address: "bob@example.test", parameters: ["NOTIFY=NEVER"] }]);
  expect(again.entry(id)).toMatchObject({
    state: "ready",
    subject: "A subject",
    recipients: ["bob@example.test"],
    attempts: 0,
  });
});

test("nothing is visible before the commit, and an aborted message leaves nothing behind", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const writer = spool.begin(envelopeOf());
  writer.write(Buffer.alloc(600_000, 120));
  expect([...spool.ids()]).toEqual([]);
  writer.abort();
  writer.abort();
  await waitUntil("the writer has ended", () => spool.writers === 0);
  expect(largeFiles(stateDir)).toEqual([]);
  expect([...(await openSpool(stateDir)).spool.ids()]).toEqual([]);
});

test("a message written in large pieces asks to pause and calls onDrain", async () => {
  const { spool } = await openSpool(temporaryFolder());
  const envelope = envelopeOf();
  const writer = spool.begin(envelope);
  let paused = false;
  for (let n = 0; n < 6; n++) paused = !writer.write(Buffer.alloc(300_000, 65 + n)) || paused;
  expect(paused).toBe(true);
  await new Promise<void>((resolve) => {
    writer.onDrain = resolve;
  });
  await new Promise<void>((resolve, reject) => writer.commit(null, (error) => (error ? reject(error) : resolve())));
  expect((await contentOf(spool, envelope.id))?.length).toBe(1_800_000);
});

test("files are 0600 and folders 0700", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const id = await queueMessage(spool, "x".repeat(300_000));
  const [segment = ""] = segmentPaths(stateDir);
  for (const path of [segment, join(stateDir, "spool/large", `${id}.msg`)]) {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  }
  expect(statSync(join(stateDir, "spool/log")).mode & 0o777).toBe(0o700);
  expect(statSync(join(stateDir, "spool/large")).mode & 0o777).toBe(0o700);
});

test("messages up to 256 KB go to the log, larger ones to files of their own; a file goes with its message", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  await queueMessage(spool, "x".repeat(256 * 1024));
  expect(largeFiles(stateDir)).toEqual([]);
  const id = await queueMessage(spool, "x".repeat(256 * 1024 + 1));
  expect(largeFiles(stateDir)).toEqual([`${id}.msg`]);
  await spool.command(id, "delete");
  await spool.cleaned();
  expect(largeFiles(stateDir)).toEqual([]);
});

test("messages that come in at once take memory only up to a bound, and then files", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const writers = Array.from({ length: 300 }, () => spool.begin(envelopeOf()));
  for (const writer of writers) writer.write(Buffer.alloc(256 * 1024));
  await waitUntil("files", () => largeFiles(stateDir).length > 0);
  for (const writer of writers) writer.abort();
  await waitUntil("the writers have ended", () => spool.writers === 0);
  expect(largeFiles(stateDir)).toEqual([]);
});

test("a message that comes in drips of an octet is kept whole", async () => {
  const { spool } = await openSpool(temporaryFolder());
  const envelope = envelopeOf();
  const writer = spool.begin(envelope);
  const message = "drip ".repeat(1_000);
  for (const octet of Buffer.from(message)) writer.write(Buffer.of(octet));
  await new Promise((resolve) => writer.commit(null, resolve));
  expect(await contentOf(spool, envelope.id)).toBe(message);
});

test("recipients that have the message are remembered over a restart, the others stay", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const recipients = ["a", "b", "c"].map((name) => ({ address: `${name}@example.test`, parameters: [] }));
  const id = await queueMessage(spool, "x\r\n", { recipients });
  spool.claim(id);
  await spool.settle(id, {
    ...newProgress(3),
    state: "deferred",
    outcomes: "dpp",
    attempts: 1,
    lastReply: "451 later",
    nextAttemptAt: 5,
  });
  const { spool: again } = await openSpool(stateDir);
  expect(again.entry(id)).toMatchObject({
    state: "deferred",
    attempts: 1,
    lastReply: "451 later",
    recipients: ["b@example.test", "c@example.test"],
  });
});

test("a message whose every recipient has it is gone, also after a restart", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const id = await queueMessage(spool, "x\r\n");
  spool.claim(id);
  await spool.settle(id, { ...newProgress(1), state: "failed", outcomes: "d" });
  expect([...spool.ids()]).toEqual([]);
  expect([...(await openSpool(stateDir)).spool.ids()]).toEqual([]);
});

test("an attempt that a crash cut is due again", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const id = await queueMessage(spool, "x\r\n");
  expect(spool.claim(id)?.state).toBe("delivering");
  expect(spool.claim(id)).toBeNull();
  expect((await openSpool(stateDir)).spool.entry(id)?.state).toBe("ready");
});

test("too little free space is said in words", async () => {
  const spool = await SegmentSpool.open({
    stateDir: temporaryFolder(),
    now: Date.now,
    damaged: () => undefined,
    freeBytesMin: Number.MAX_SAFE_INTEGER,
  });
  expect(spool.full()).toMatch(/bytes are free .* make room/);
  expect((await openSpool(temporaryFolder())).spool.full()).toBeNull();
});

test("an id that could leave the folder is not taken", async () => {
  const { spool } = await openSpool(temporaryFolder());
  expect(() => spool.begin(envelopeOf({ id: "../../etc/passwd" }))).toThrow("cannot be the id");
});

test("an error of the disk reaches the commit and leaves nothing", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const envelope = envelopeOf();
  // The name is taken by a folder: the file cannot be made.
  mkdirSync(join(stateDir, "spool/large", `${envelope.id}.msg`));
  const writer = spool.begin(envelope);
  writer.write(Buffer.alloc(300_000));
  const error = await new Promise((resolve) => writer.commit(null, resolve));
  expect(error).toBeInstanceOf(Error);
  expect([...spool.ids()]).toEqual([]);
  expect(spool.writers).toBe(0);
});

test("an empty message with a very long list of recipients is read back", async () => {
  const { spool } = await openSpool(temporaryFolder());
  const address = `${"u".repeat(240)}@example.test`;
  const recipients = Array.from({ length: 1500 }, () => ({ address, parameters: [] }));
  expect(await contentOf(spool, await queueMessage(spool, "", { recipients }))).toBe("");
});

test("what waits is counted by destination, with the time of the oldest", async () => {
  let now = 1_000;
  const spool = await SegmentSpool.open({ stateDir: temporaryFolder(), now: () => now, damaged: () => undefined });
  const oldest = await queueMessage(spool, "xy", { route: "a", receivedAt: 5 });
  await queueMessage(spool, "xyz", { route: "a", receivedAt: 7 });
  await queueMessage(spool, "x", { route: "b", receivedAt: 6 });
  expect(spool.counts()).toEqual([
    { route: "a", destination: "a", count: 2, bytes: 5, oldest: 5 },
    { route: "b", destination: "b", count: 1, bytes: 1, oldest: 6 },
  ]);
  await spool.command(oldest, "delete");
  now += 2_000;
  expect(spool.counts()[0]).toEqual({ route: "a", destination: "a", count: 1, bytes: 3, oldest: 7 });
});

test("by MX the destination is the domain of the first recipient still to be delivered, and follows what becomes of it", async () => {
  const stateDir = temporaryFolder();
  const open = () => SegmentSpool.open({ stateDir, now: Date.now, damaged: () => undefined });
  const spool = await open();
  const recipients = ["1@A.test", "2@b.test"].map((address) => ({ address, parameters: [] }));
  const id = await queueMessage(spool, "x", { route: "internet", recipients });
  const other = await queueMessage(spool, "x", { route: "inside", recipients });
  const changed: string[] = [];
  spool.onChange((one) => changed.push(one));
  const destinations = () => spool.counts().map(({ route, destination, count }) => [route, destination, count]);
  expect(spool.entry(id)?.destination).toBe("internet");
  spool.setRoutesByDomain(new Set(["internet"]));
  expect(changed).toEqual([id]);
  expect(destinations()).toEqual([
    ["inside", "inside", 1],
    ["internet", "a.test", 1],
  ]);
  spool.claim(id);
  await spool.settle(id, { ...newProgress(2), state: "deferred", outcomes: "dp", cause: "busy" });
  expect(spool.entry(id)).toMatchObject({ destination: "b.test", cause: "busy" });
  expect(spool.record(id)).toMatchObject({ route: "internet", destination: "b.test" });
  await spool.command(other, "delete");
  expect(destinations()).toEqual([["internet", "b.test", 1]]);
  await spool.close();
  const again = await open();
  again.setRoutesByDomain(new Set(["internet"]));
  expect(again.entry(id)).toMatchObject({ destination: "b.test", cause: "busy" });
  again.setRoutesByDomain(new Set());
  expect(again.entry(id)?.destination).toBe("internet");
});
