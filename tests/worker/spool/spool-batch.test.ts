import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { envelopeOf } from "../../support/queued-message.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";

async function openSpool(stateDir: string): Promise<SegmentSpool> {
  return await SegmentSpool.open({
    stateDir,
    now: Date.now,
    damaged: (file, reason) => {
      throw new Error(`${file}: ${reason}`);
    },
  });
}

/** Files of large messages. */
function files(stateDir: string): string[] {
  return readdirSync(join(stateDir, "spool/large"));
}

async function contentOf(spool: SegmentSpool, id: string): Promise<string | null> {
  const message = await spool.load(id);
  return message === null ? null : await text(message.open());
}

const pair = () => [envelopeOf({ route: "a" }), envelopeOf({ route: "b" })] as const;

describe("messages that are accepted together", () => {
  test("are told to the queue when all of them are on disk, each with its own first lines", async () => {
    const stateDir = temporaryFolder();
    const spool = await openSpool(stateDir);
    const envelopes = pair();
    const seen: number[] = [];
    spool.onChange(() => seen.push([...spool.ids()].length));
    const batch = spool.beginBatch(envelopes);
    for (const [index, { route }] of envelopes.entries()) batch.writeTo(index, Buffer.from(`X-Route: ${route}\r\n`));
    batch.write(Buffer.from("\r\nbody\r\n"));
    expect([...spool.ids()]).toEqual([]);
    expect(await new Promise((resolve) => batch.commit("A subject", [], resolve))).toBeNull();
    expect(seen).toEqual([2, 2]);
    for (const { id, route } of envelopes) expect(await contentOf(spool, id)).toBe(`X-Route: ${route}\r\n\r\nbody\r\n`);
    expect(spool.writers).toBe(0);
  });
  test.each([0, 1])("none stays when number %i cannot be written", async (broken) => {
    const stateDir = temporaryFolder();
    const spool = await openSpool(stateDir);
    const envelopes = pair();
    const blocked = envelopes[broken]?.id ?? "";
    // The name is taken by a folder: the file cannot be made.
    mkdirSync(join(stateDir, "spool/large", `${blocked}.msg`));
    const changes: string[] = [];
    spool.onChange((id) => changes.push(id));
    const batch = spool.beginBatch(envelopes);
    batch.write(Buffer.alloc(300_000));
    expect(await new Promise((resolve) => batch.commit(null, [null, "550 no"], resolve))).toBeInstanceOf(Error);
    expect([...spool.ids()]).toEqual([]);
    expect(changes).toEqual([]);
    expect(files(stateDir)).toEqual([`${blocked}.msg`]);
    expect(spool.writers).toBe(0);
  });
  test("one with a refusal is failed from the first moment, also after a restart", async () => {
    const stateDir = temporaryFolder();
    const spool = await openSpool(stateDir);
    const [passed, refused] = pair();
    const batch = spool.beginBatch([passed, refused]);
    batch.write(Buffer.from("x\r\n"));
    expect(await new Promise((resolve) => batch.commit(null, [null, "550 5.7.1 no"], resolve))).toBeNull();
    for (const queue of [spool, await openSpool(stateDir)]) {
      expect(queue.entry(passed.id)).toMatchObject({ state: "ready" });
      expect(queue.entry(refused.id)).toMatchObject({
        state: "failed",
        lastReply: "550 5.7.1 no",
        recipients: ["bob@example.test"],
      });
      expect(queue.claim(refused.id)).toBeNull();
    }
  });
  test("are forgotten when they are given up, before the commit or in it", async () => {
    const stateDir = temporaryFolder();
    const spool = await openSpool(stateDir);
    for (const committing of [false, true]) {
      const batch = spool.beginBatch(pair());
      batch.write(Buffer.alloc(600_000, "x"));
      if (committing) batch.commit(null, [null, "550 no"], () => expect.unreachable());
      batch.abort();
      batch.abort();
      await waitUntil("the writers end", () => spool.writers === 0);
    }
    await waitUntil("nothing is left", () => files(stateDir).length === 0);
    expect([...spool.ids()]).toEqual([]);
  });
  test("ask to pause while one of them is behind, and go on when none is", async () => {
    const spool = await openSpool(temporaryFolder());
    const batch = spool.beginBatch(pair());
    let flows = true;
    while (flows) flows = batch.write(Buffer.alloc(200_000, "x"));
    await new Promise<void>((resolve) => {
      batch.onDrain = resolve;
    });
    expect(batch.write(Buffer.from("y"))).toBe(true);
    batch.abort();
    await waitUntil("the writers end", () => spool.writers === 0);
  });
});
