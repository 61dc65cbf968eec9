import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Faults } from "#worker/report/faults.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { watchSpool } from "#worker/spool/watch-spool.ts";
import { queueMessage } from "../../support/queued-message.ts";
import { garble } from "../../support/segment-bytes.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";

async function open(stateDir: string, freeBytesMin = 0): Promise<SegmentSpool> {
  return await SegmentSpool.open({ stateDir, now: Date.now, freeBytesMin, damaged: () => undefined });
}

function watched(spool: SegmentSpool, faults = new Faults()): Faults {
  onTestFinished(watchSpool(spool, faults));
  return faults;
}

test("what is damaged is a fault that the console shows until a person has moved it away, and the rest of the queue goes on", async () => {
  const stateDir = temporaryFolder();
  const before = await open(stateDir);
  const sound = await queueMessage(before, "x\r\n");
  await queueMessage(before, "y\r\n", { sender: "garbled@sender.test" });
  await before.close();
  garble(stateDir, "garbled@", "GARBLED@");
  const spool = await open(stateDir);
  const faults = watched(spool);
  await waitUntil("the fault", () => faults.list().length > 0);
  const [name = ""] = await spool.corruptFiles();
  expect(faults.list()).toEqual([
    expect.stringMatching(/^Something of the queue was damaged and is not sent: look at /),
  ]);
  expect(faults.list()[0]).toContain(name);
  expect(spool.claim(sound)).not.toBeNull();
  for (const file of await spool.corruptFiles()) rmSync(join(stateDir, "spool/corrupt", file.split("/").at(-1) ?? ""));
  watched(spool, faults);
  await waitUntil("the fault's end", () => faults.list().length === 0);
});

test("a disk without room is a fault", async () => {
  const faults = watched(await open(temporaryFolder(), Number.MAX_SAFE_INTEGER));
  expect(faults.list()).toEqual([expect.stringMatching(/free/)]);
});
