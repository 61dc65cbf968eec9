import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { sourceOf } from "#worker/quarantine/content-stream.ts";
import { FileQuarantine, type FileQuarantineOptions } from "#worker/quarantine/file-quarantine.ts";
import { contentOf, keep, keepRequest, mailboxRequest } from "../../support/kept-content.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function openQuarantine(change: Partial<FileQuarantineOptions> = {}) {
  const stateDir = change.stateDir ?? temporaryFolder();
  const damaged: string[] = [];
  const quarantine = await FileQuarantine.open({
    stateDir,
    bytesMax: 1024 ** 3,
    now: Date.now,
    damaged: (what, reason) => damaged.push(`${what}: ${reason}`),
    ...change,
  });
  const folder = join(stateDir, "quarantine");
  const files = (name: string) => readdirSync(join(folder, name));
  const again = () => openQuarantine({ ...change, stateDir });
  return { quarantine, stateDir, folder, files, damaged, again };
}

function allFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
}

test("what is kept is there after a restart: content, facts, envelope and when it expires by its cause", async () => {
  const { quarantine, again } = await openQuarantine({ now: () => Date.UTC(2026, 0, 5) });
  const request = keepRequest({ cause: "dlp" });
  const entry = await keep(quarantine, "Subject: x\r\n\r\ntext\r\n", request);
  expect(entry).toMatchObject({
    id: request.id,
    bytes: 20,
    keptAt: "2026-01-05T00:00:00.000Z",
    expiresAt: "2026-04-05T00:00:00.000Z",
    state: "held",
    releasedTo: [],
  });
  const { quarantine: after } = await again();
  expect([...after.ids()]).toEqual([request.id]);
  expect(after.entry(request.id)).toEqual(entry);
  expect(await after.envelope(request.id)).toEqual(request.envelope);
  expect((await contentOf(after, request.id)).toString()).toBe("Subject: x\r\n\r\ntext\r\n");
});

test("a rule's own days come before those of the cause", async () => {
  const { quarantine } = await openQuarantine({ now: () => Date.UTC(2026, 0, 5) });
  expect((await keep(quarantine, "x", { days: 2 })).expiresAt).toBe("2026-01-07T00:00:00.000Z");
});

test.each([0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_003])(
  "content of %i bytes comes back as it was",
  async (bytes) => {
    const { quarantine } = await openQuarantine();
    const content = randomBytes(bytes);
    const { id, sha256 } = await keep(quarantine, content);
    expect(sha256).toBe(createHash("sha256").update(content).digest("hex"));
    expect((await contentOf(quarantine, id)).equals(content)).toBe(true);
  },
);

test("content that comes in drips comes back as it was", async () => {
  const { quarantine } = await openQuarantine();
  const content = randomBytes(70_000);
  const drips = sourceOf(content.length, () => Readable.from(Array.from(content, (octet) => Uint8Array.of(octet))));
  const { id } = await keep(quarantine, drips);
  expect((await contentOf(quarantine, id)).equals(content)).toBe(true);
});

test("on disk nothing of content, names, addresses, digest or key is readable, and nobody else may read the files", async () => {
  const { quarantine, folder } = await openQuarantine();
  const content = `canary-content ${"filler ".repeat(20_000)} canary-content`;
  const names = { fileName: "canary-name.exe", subject: "canary-subject", sender: "canary@example.org" };
  const { id, sha256 } = await keep(quarantine, content, names);
  const key = readFileSync(join(folder, "key"));
  const files = allFiles(folder).filter((file) => !file.endsWith("/key"));
  expect(files).toHaveLength(2);
  for (const file of [...files, join(folder, "key")]) expect(statSync(file).mode & 0o077).toBe(0);
  for (const file of files) {
    const bytes = readFileSync(file);
    const text = `${file} ${bytes.toString("latin1")} ${Buffer.from(bytes.toString("latin1"), "base64url").toString("latin1")}`;
    expect(text.includes("canary") || text.includes("filler") || text.includes(sha256)).toBe(false);
    expect(bytes.includes(key.toString().trim()) || bytes.includes(Buffer.from(key.toString(), "base64"))).toBe(false);
  }
  for (const path of readdirSync(folder)) expect(statSync(join(folder, path)).mode & 0o077).toBe(0);
  expect(quarantine.entry(id)?.fileName).toBe("canary-name.exe");
});

test("the same content is on disk once, until the last entry that refers to it is gone", async () => {
  const { quarantine, files, again } = await openQuarantine();
  const [first, second] = [await keep(quarantine, "same"), await keep(quarantine, "same")];
  const other = await keep(quarantine, "other");
  expect(files("content")).toHaveLength(2);
  expect([quarantine.size, quarantine.bytes]).toEqual([3, 9]);
  await quarantine.remove(first.id);
  await quarantine.remove(other.id);
  expect(files("content")).toHaveLength(1);
  const { quarantine: after } = await again();
  expect((await contentOf(after, second.id)).toString()).toBe("same");
  await after.remove(second.id);
  expect([files("content"), files("entries"), after.bytes]).toEqual([[], [], 0]);
});

test("keeping and removing the same content at once never takes it from an entry that stays", async () => {
  const { quarantine, files } = await openQuarantine();
  let last = await keep(quarantine, "same");
  for (let round = 0; round < 30; round++) {
    const [next] = await Promise.all([keep(quarantine, "same"), quarantine.remove(last.id)]);
    expect((await contentOf(quarantine, next.id)).toString()).toBe("same");
    last = next;
  }
  expect(files("content")).toHaveLength(1);
});

test("what the same user fetches again because of the same rule is kept once, and for others on their own", async () => {
  const { quarantine } = await openQuarantine();
  const first = await keep(quarantine, "mail", mailboxRequest("bob"));
  const again = await keep(quarantine, "mail", mailboxRequest("bob"));
  const ofAnotherRule = await keep(quarantine, "mail", mailboxRequest("bob", { ruleId: "rule-2" }));
  const ofCarol = await keep(quarantine, "mail", mailboxRequest("carol"));
  expect(again).toEqual(first);
  expect(new Set([first, ofAnotherRule, ofCarol].map(({ id }) => id)).size).toBe(3);
  expect(quarantine.size).toBe(3);
});

test("what is released to a POP3 user is known by its digest, also after a restart, until it is gone", async () => {
  const { quarantine, again } = await openQuarantine();
  const { id, sha256 } = await keep(quarantine, "mail", mailboxRequest("bob"));
  expect(quarantine.isReleased(sha256, "bob", [])).toBe(false);
  await quarantine.markReleased(id, []);
  const { quarantine: after } = await again();
  expect([after.isReleased(sha256, "bob", []), after.isReleased(sha256, "carol", [])]).toEqual([true, false]);
  await after.remove(id);
  expect(after.isReleased(sha256, "bob", [])).toBe(false);
});

test("what malware is found in later is kept anew with its name, once, whatever was released before", async () => {
  const { quarantine } = await openQuarantine();
  const before = await keep(quarantine, "mail", mailboxRequest("bob"));
  await quarantine.markReleased(before.id, []);
  const found = await keep(quarantine, "mail", mailboxRequest("bob", { malware: ["Eicar-Test"] }));
  expect(found).toMatchObject({ malware: ["Eicar-Test"], state: "held" });
  expect(found.id).not.toBe(before.id);
  expect(await keep(quarantine, "mail", mailboxRequest("bob", { malware: ["Eicar-Test"] }))).toEqual(found);
});

test("an SMTP message is never known as released to a POP3 user", async () => {
  const { quarantine } = await openQuarantine();
  const { id, sha256 } = await keep(quarantine, "mail", { user: "bob" });
  await quarantine.markReleased(id, []);
  expect(quarantine.isReleased(sha256, "bob", [])).toBe(false);
});

test("past its bytes, entries' room or free disk nothing is kept, and what to do is said", async () => {
  const { quarantine, files } = await openQuarantine({ bytesMax: 10 });
  await keep(quarantine, "12345678");
  await expect(keep(quarantine, "123")).rejects.toThrow(
    /full: it may hold 10 bytes \(quarantine\.bytesMax of worker\.yaml\)/,
  );
  expect([quarantine.size, files("incoming"), files("content").length]).toEqual([1, [], 1]);
  await keep(quarantine, "12");
  const { quarantine: withoutDisk } = await openQuarantine({ freeBytesMin: Number.MAX_SAFE_INTEGER });
  await expect(keep(withoutDisk, "x")).rejects.toThrow(/bytes are free under/);
});

test("what is being kept counts before it is on disk", async () => {
  const { quarantine } = await openQuarantine({ bytesMax: 10 });
  const all = await Promise.allSettled(["123456", "abcdef", "ABCDEF"].map((content) => keep(quarantine, content)));
  expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
});

test("content that ends early, fails, or is longer than it said is not kept and leaves nothing", async () => {
  const { quarantine, files } = await openQuarantine();
  const failing = () =>
    new Readable({
      read() {
        this.destroy(new Error("the reading failed"));
      },
    });
  await expect(keep(quarantine, sourceOf(5, failing))).rejects.toThrow("the reading failed");
  for (const bytes of [3, 5]) {
    const wrong = sourceOf(bytes, () => Readable.from([Buffer.from("1234")]));
    await expect(keep(quarantine, wrong)).rejects.toThrow(`another length than ${bytes} bytes`);
  }
  expect([quarantine.size, quarantine.bytes, files("incoming"), files("content")]).toEqual([0, 0, [], []]);
});

test.each(["incoming", "content", "entries"])(
  "when the disk does not take it (%s), nothing is kept, nothing is left, and it works again without a restart",
  async (name) => {
    const { quarantine, folder, files } = await openQuarantine();
    rmSync(join(folder, name), { recursive: true });
    await expect(keep(quarantine, "content")).rejects.toThrow("ENOENT");
    mkdirSync(join(folder, name));
    expect([quarantine.size, quarantine.bytes, files("incoming"), files("content"), files("entries")]).toEqual([
      0,
      0,
      [],
      [],
      [],
    ]);
    const { id } = await keep(quarantine, "content");
    expect((await contentOf(quarantine, id)).toString()).toBe("content");
  },
);

test.each(["", "../x", "a/b", "x".repeat(65)])("the id %j is refused", async (id) => {
  const { quarantine } = await openQuarantine();
  await expect(keep(quarantine, "x", keepRequest({ id }))).rejects.toThrow("cannot be the id");
});

test("an id is used once", async () => {
  const { quarantine } = await openQuarantine();
  const { id } = await keep(quarantine, "x");
  await expect(keep(quarantine, "y", keepRequest({ id }))).rejects.toThrow("cannot be the id");
  expect((await contentOf(quarantine, id)).toString()).toBe("x");
});

test("what could not be reported is not kept, and leaves nothing", async () => {
  const { quarantine, files } = await openQuarantine();
  await expect(keep(quarantine, "x", { messageId: "x".repeat(65) })).rejects.toThrow();
  expect([quarantine.size, files("incoming"), files("content"), files("entries")]).toEqual([0, [], [], []]);
});

test("an entry names its first 1,000 recipients, and its envelope all of them", async () => {
  const { quarantine } = await openQuarantine();
  const all = Array.from({ length: 1_500 }, (_, n) => `r${n}@example.test`);
  const { envelope } = keepRequest();
  if (envelope === null) throw new Error("an SMTP message has an envelope");
  const wide = { ...envelope, recipients: all.map((address) => ({ address, parameters: [] })) };
  const { id, recipients } = await keep(quarantine, "x", { recipients: all, envelope: wide });
  expect(recipients).toEqual(all.slice(0, 1_000));
  expect((await quarantine.envelope(id))?.recipients).toHaveLength(1_500);
});

test("files that nothing refers to, and what a crash left half written, are gone after a start", async () => {
  const { quarantine, folder, files, again } = await openQuarantine();
  const { id } = await keep(quarantine, "stays");
  writeFileSync(join(folder, "content", "f".repeat(64)), "orphan");
  writeFileSync(join(folder, "incoming", "0"), "half");
  writeFileSync(join(folder, "entries", `${id}.entry.0123456789ab.tmp`), "half");
  const { quarantine: after, damaged } = await again();
  expect([files("content").length, files("incoming"), files("entries")]).toEqual([1, [], [`${id}.entry`]]);
  expect([damaged, after.damaged()]).toEqual([[], []]);
});

test.each<[string, (folder: string, id: string) => void]>([
  ["an entry of other bytes", (folder, id) => writeFileSync(join(folder, "entries", `${id}.entry`), "v1.AAAA")],
  ["an empty entry", (folder, id) => writeFileSync(join(folder, "entries", `${id}.entry`), "")],
  [
    "an entry under another's name",
    (folder, id) => {
      const [other = ""] = readdirSync(join(folder, "entries")).filter((name) => name !== `${id}.entry`);
      writeFileSync(join(folder, "entries", `${id}.entry`), readFileSync(join(folder, "entries", other)));
    },
  ],
])("%s is set aside with its content and named, and the others are there", async (_what, damage) => {
  const { quarantine, folder, files, again } = await openQuarantine();
  const [bad, good] = [await keep(quarantine, "bad content"), await keep(quarantine, "good content")];
  damage(folder, bad.id);
  const { quarantine: after, damaged } = await again();
  expect([...after.ids()]).toEqual([good.id]);
  expect((await contentOf(after, good.id)).toString()).toBe("good content");
  expect(damaged).toEqual([`${bad.id}.entry: it cannot be opened`]);
  expect(files("damaged")).toHaveLength(2);
  expect(after.damaged().map((path) => path.startsWith(join(folder, "damaged")))).toEqual([true, true]);
});

test.each<[string, (path: string) => void]>([
  ["gone", (path) => rmSync(path)],
  ["cut off", (path) => truncateSync(path, 50)],
])("an entry whose content is %s is set aside and named", async (_what, damage) => {
  const { quarantine, folder, files, again } = await openQuarantine();
  const { id } = await keep(quarantine, "content");
  damage(join(folder, "content", files("content")[0] ?? ""));
  const { quarantine: after, damaged } = await again();
  expect(after.size).toBe(0);
  expect(damaged).toEqual([`${id}.entry: its content is missing or cut off`]);
});

test("content with one other bit is never given out as whole, is named as a fault, and is put right when it is kept again", async () => {
  const { quarantine, folder, files } = await openQuarantine();
  const content = randomBytes(200_000);
  const { id } = await keep(quarantine, content);
  const path = join(folder, "content", files("content")[0] ?? "");
  const sound = readFileSync(path);
  for (const at of [0, 20, 41, 70_000, sound.length - 1]) {
    const bad = Buffer.from(sound);
    bad[at] = (bad[at] ?? 0) ^ 1;
    writeFileSync(path, bad);
    await expect(contentOf(quarantine, id)).rejects.toThrow(/damaged|altered or cut off/);
  }
  expect(quarantine.damaged()).toEqual([id]);
  const again = await keep(quarantine, content);
  expect((await contentOf(quarantine, id)).equals(content)).toBe(true);
  await quarantine.remove(id);
  expect([quarantine.damaged(), (await contentOf(quarantine, again.id)).equals(content)]).toEqual([[], true]);
});

test.each<[string, (folder: string) => void]>([
  ["frames that changed places", (path) => swapFrames(path)],
  ["a frame less", (path) => truncateSync(path, 40 + 65_552)],
])("content with %s is never given out as whole", async (_what, damage) => {
  const { quarantine, folder, files } = await openQuarantine();
  const { id } = await keep(quarantine, randomBytes(3 * 65_536));
  damage(join(folder, "content", files("content")[0] ?? ""));
  await expect(contentOf(quarantine, id)).rejects.toThrow("altered or cut off");
});

function swapFrames(path: string): void {
  const bytes = readFileSync(path);
  const frames = [bytes.subarray(40 + 65_552, 40 + 2 * 65_552), bytes.subarray(40, 40 + 65_552)];
  writeFileSync(path, Buffer.concat([bytes.subarray(0, 40), ...frames, bytes.subarray(40 + 2 * 65_552)]));
}

test.each<[string, (path: string) => void]>([
  ["gone", (path) => rmSync(path)],
  ["damaged", (path) => writeFileSync(path, "x")],
])("with a key that is %s the quarantine is set aside whole, named, and begins anew", async (_what, damage) => {
  const { quarantine, folder, stateDir, again } = await openQuarantine();
  await keep(quarantine, "content");
  const key = readFileSync(join(folder, "key"));
  damage(join(folder, "key"));
  const { quarantine: after, damaged } = await again();
  const aside = join(stateDir, "quarantine-unreadable-1");
  expect([after.size, after.damaged(), damaged.length]).toEqual([0, [aside], 1]);
  const fresh = await keep(after, "new");
  expect((await contentOf(after, fresh.id)).toString()).toBe("new");
  writeFileSync(join(aside, "key"), key);
  expect(readdirSync(join(aside, "content"))).toHaveLength(1);
});

test("changes are told: kept, released, gone", async () => {
  const { quarantine } = await openQuarantine();
  const told: string[] = [];
  quarantine.onChange((id) => told.push(`${id} ${quarantine.entry(id)?.state ?? "gone"}`));
  const { id } = await keep(quarantine, "x");
  await quarantine.markReleased(id, ["bob@example.test"]);
  await quarantine.remove(id);
  expect(told).toEqual([`${id} held`, `${id} released`, `${id} gone`]);
});
