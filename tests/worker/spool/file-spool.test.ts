import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { FileSpool } from "#worker/spool/file-spool.ts";
import { newProgress } from "#worker/spool/queue-record.ts";
import { envelopeOf, queueMessage } from "../../support/queued-message.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";

async function openSpool(stateDir: string): Promise<{ spool: FileSpool; damaged: string[] }> {
  const damaged: string[] = [];
  const spool = await FileSpool.open({
    stateDir,
    now: Date.now,
    damaged: (file, reason) => damaged.push(`${file}: ${reason}`),
  });
  return { spool, damaged };
}

async function contentOf(spool: FileSpool, id: string): Promise<string | null> {
  const message = await spool.load(id);
  return message === null ? null : await text(message.open());
}

const messagePath = (stateDir: string, id: string): string => join(stateDir, "spool/messages", `${id}.msg`);

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
  expect(readdirSync(join(stateDir, "spool/incoming"))).toEqual([]);
  expect(readdirSync(join(stateDir, "spool/messages"))).toEqual([]);
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
  const id = await queueMessage(spool, "x\r\n");
  await spool.command(id, "hold");
  expect(statSync(messagePath(stateDir, id)).mode & 0o777).toBe(0o600);
  expect(statSync(join(stateDir, "spool/progress", `${id}.json`)).mode & 0o777).toBe(0o600);
  expect(statSync(join(stateDir, "spool/messages")).mode & 0o777).toBe(0o700);
});

test("truncated, emptied and garbled files are set aside and named; the others are kept", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) ids.push(await queueMessage(spool, `Subject: ${n}\r\n\r\nbody ${n}\r\n`.repeat(50)));
  const [cut = "", emptied = "", garbledEnvelope = "", garbledBody = "", ...good] = ids;
  truncateSync(messagePath(stateDir, cut), 200);
  truncateSync(messagePath(stateDir, emptied), 0);
  const flip = (id: string, at: number): void => {
    const bytes = readFileSync(messagePath(stateDir, id));
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    writeFileSync(messagePath(stateDir, id), bytes);
  };
  flip(garbledEnvelope, 60);
  flip(garbledBody, 900);
  const { spool: again, damaged } = await openSpool(stateDir);
  expect(damaged).toHaveLength(3);
  // In the order of their ids, which within a millisecond is any.
  expect([...again.ids()]).toEqual([garbledBody, ...good].sort());
  // A garbled body is only found when it is read: it is never handed out.
  expect(again.claim(garbledBody)).not.toBeNull();
  expect(await contentOf(again, garbledBody)).toBeNull();
  expect([...again.ids()]).toEqual(good.sort());
  expect(again.corruptFiles()).toHaveLength(4);
  for (const id of good) expect(await contentOf(again, id)).toContain("body");
});

test("every single flipped bit is found before a message is handed out", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const id = await queueMessage(spool, "Subject: x\r\n\r\nshort\r\n");
  const path = messagePath(stateDir, id);
  const original = readFileSync(path);
  for (let at = 0; at < original.length; at++) {
    const bytes = Buffer.from(original);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    writeFileSync(path, bytes);
    const { spool: again } = await openSpool(stateDir);
    if (again.claim(id) !== null) expect(await contentOf(again, id), `octet ${at}`).toBeNull();
    writeFileSync(path, original);
  }
});

test("a file that was never finished is not delivered after a crash", async () => {
  const stateDir = temporaryFolder();
  mkdirSync(join(stateDir, "spool/incoming"), { recursive: true });
  writeFileSync(join(stateDir, "spool/incoming/01UNFINISHED"), "half a mess");
  const { spool } = await openSpool(stateDir);
  expect([...spool.ids()]).toEqual([]);
  expect(readdirSync(join(stateDir, "spool/incoming"))).toEqual([]);
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
  expect(readdirSync(join(stateDir, "spool/progress"))).toEqual([]);
});

test("a damaged record of attempts holds the message for a person instead of repeating it", async () => {
  const stateDir = temporaryFolder();
  const { spool } = await openSpool(stateDir);
  const id = await queueMessage(spool, "x\r\n");
  writeFileSync(join(stateDir, "spool/progress", `${id}.json`), '{"version":1,"state":"def');
  const { spool: again } = await openSpool(stateDir);
  expect(again.entry(id)).toMatchObject({ state: "held", recipients: ["bob@example.test"] });
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
  const spool = await FileSpool.open({
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
  // The name is taken by a folder: the rename fails.
  mkdirSync(messagePath(stateDir, envelope.id));
  const writer = spool.begin(envelope);
  writer.write(Buffer.from("x\r\n"));
  const error = await new Promise((resolve) => writer.commit(null, resolve));
  expect(error).toBeInstanceOf(Error);
  expect([...spool.ids()]).toEqual([]);
  expect(readdirSync(join(stateDir, "spool/incoming"))).toEqual([]);
  expect(spool.writers).toBe(0);
});

test("an empty message with a very long list of recipients is read back", async () => {
  const { spool } = await openSpool(temporaryFolder());
  const address = `${"u".repeat(240)}@example.test`;
  const recipients = Array.from({ length: 1500 }, () => ({ address, parameters: [] }));
  expect(await contentOf(spool, await queueMessage(spool, "", { recipients }))).toBe("");
});
