import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { queueEntrySchema } from "#core/contract/queue.ts";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import { queueMessage } from "../support/queued-message.ts";
import { garble, segmentPaths } from "../support/segment-bytes.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

function postern(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["cli/main.ts", "spool", ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** A worker's queue of three messages, the last of them large; the worker has it open. */
async function queue() {
  const stateDir = temporaryFolder();
  const spool = await SegmentSpool.open({ stateDir, now: Date.now, damaged: () => undefined });
  const ids = [
    await queueMessage(spool, "Subject: one\r\n\r\nFrom here on\r\n"),
    await queueMessage(spool, "Subject: two\r\n\r\nprecious\r\n"),
    await queueMessage(spool, `Subject: three\r\n\r\n${"large ".repeat(60_000)}\r\n`),
  ];
  return { stateDir, ids };
}

it("verify reads every message of a worker that runs, and changes nothing", async () => {
  const { stateDir } = await queue();
  const before = segmentPaths(stateDir).map((path) => readFileSync(path));
  expect(postern("verify", stateDir)).toEqual({
    ...{ status: 0, stderr: "" },
    stdout: "3 messages in 1 segments, 0 damaged\n",
  });
  expect(segmentPaths(stateDir).map((path) => readFileSync(path))).toEqual(before);
});

it("verify names what is damaged and ends with 1", async () => {
  const { stateDir, ids } = await queue();
  garble(stateDir, "precious", "poisoned");
  const { status, stdout } = postern("verify", stateDir);
  expect(status).toBe(1);
  expect(stdout).toBe(`${ids[1]}: its message is damaged\n3 messages in 1 segments, 1 damaged\n`);
  expect(readdirSync(join(stateDir, "spool/corrupt"))).toEqual([]);
});

it("ls gives a line a message, or with --json an entry of the contract a line", async () => {
  const { stateDir, ids } = await queue();
  const lines = postern("ls", stateDir).stdout.trimEnd().split("\n");
  expect(lines.map((line) => line.slice(0, 26))).toEqual(ids);
  expect(lines[0]).toMatch(/ ready .* inside {2}<ann@example\.org> → bob@example\.test$/);
  const entries = postern("ls", stateDir, "--json").stdout.trimEnd().split("\n");
  expect(entries.map((line) => queueEntrySchema.parse(JSON.parse(line)).id)).toEqual(ids);
});

it("cat writes the message octet for octet; 1 for one that is not there", async () => {
  const { stateDir, ids } = await queue();
  expect(postern("cat", stateDir, ids[1] ?? "")).toMatchObject({
    status: 0,
    stdout: "Subject: two\r\n\r\nprecious\r\n",
  });
  expect(postern("cat", stateDir, ids[2] ?? "").stdout).toHaveLength(360_020);
  expect(postern("cat", stateDir, "01MISSING")).toMatchObject({ status: 1, stderr: "01MISSING is not in the queue\n" });
});

it("export writes every message and its envelope into a folder, or all into an mbox", async () => {
  const { stateDir, ids } = await queue();
  const folder = join(temporaryFolder(), "out");
  expect(postern("export", stateDir, folder)).toMatchObject({ status: 0, stdout: "3 messages\n" });
  expect(readdirSync(folder).sort()).toEqual(ids.flatMap((id) => [`${id}.eml`, `${id}.json`]).sort());
  expect(readFileSync(join(folder, `${ids[1]}.eml`), "utf8")).toBe("Subject: two\r\n\r\nprecious\r\n");
  expect(JSON.parse(readFileSync(join(folder, `${ids[0]}.json`), "utf8"))).toMatchObject({
    id: ids[0],
    envelope: { mailParameters: ["BODY=8BITMIME"], recipients: [{ parameters: ["NOTIFY=NEVER"] }] },
  });
  const mbox = `${folder}.mbox`;
  expect(postern("export", stateDir, mbox).status).toBe(0);
  const text = readFileSync(mbox, "utf8");
  expect(text).toMatch(/^From ann@example\.org \w{3}, .*\nSubject: one\n\n>From here on\n\nFrom ann/);
  expect(postern("export", stateDir, mbox).status).toBe(2);
});

it("a folder without a queue is an error", () => {
  expect(postern("ls", temporaryFolder())).toMatchObject({ status: 2, stdout: "" });
  expect(postern("eat", temporaryFolder()).status).toBe(2);
});
