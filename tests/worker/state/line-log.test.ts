import { appendFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LineLog, unwrittenCharactersMax } from "#worker/state/line-log.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { silentLog } from "../../support/worker-parts.ts";

/** Somebody who remembers the last line of each first word. */
function start(path: string) {
  const memory = new Map<string, string>();
  const keep = (line: string) => void memory.set(line.split(" ", 1)[0] ?? "", line);
  const file = new LineLog(path, { log: silentLog, remembered: () => [...memory.values()] });
  file.load(keep);
  const add = (line: string) => {
    keep(line);
    file.add(line);
  };
  return { memory, add, close: () => file.close() };
}

const inFolder = () => join(temporaryFolder(), "log");

test("lines outlive a restart, in any characters, the last of each; nobody else may read the file", async () => {
  const path = inFolder();
  const before = start(path);
  before.add("a Grüße \u{1f600}");
  before.add("b 1");
  await before.close();
  const between = start(path);
  between.add("b 2");
  await between.close();
  expect([...start(path).memory.values()]).toEqual(["a Grüße \u{1f600}", "b 2"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a torn end is passed over, and what comes after it is not lost", async () => {
  const path = inFolder();
  const before = start(path);
  before.add("a 1");
  before.add("b 1");
  await before.close();
  truncateSync(path, statSync(path).size - 3);
  const after = start(path);
  expect([...after.memory.values()]).toEqual(["a 1"]);
  after.add("c 1");
  await after.close();
  expect([...start(path).memory.values()]).toEqual(["a 1", "c 1"]);
});

const seed = Date.now() % 1_000_000;

test(`a damaged line costs itself only, wherever a bit is turned (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const below = (end: number) => Math.floor(random() * end);
  const path = inFolder();
  const before = start(path);
  for (const name of "abcdefgh") before.add(`${name} ${"x".repeat(20)}`);
  await before.close();
  const whole = readFileSync(path);
  for (let round = 0; round < 200; round++) {
    const damaged = Buffer.from(whole);
    const at = below(damaged.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << below(8));
    writeFileSync(path, damaged);
    const { memory } = start(path);
    expect([...memory.values()].every((line) => /^[a-h] x{20}$/.test(line))).toBe(true);
    // A turned line end takes two lines along.
    expect(memory.size).toBeGreaterThanOrEqual(6);
  }
});

test("a file of anything is read as what is whole in it", async () => {
  const path = inFolder();
  writeFileSync(path, Buffer.alloc(10_000, 0xff));
  appendFileSync(path, "\n\n\0\n12345678 x\n");
  const after = start(path);
  expect(after.memory.size).toBe(0);
  after.add("a 1");
  await after.close();
  expect([...start(path).memory.values()]).toEqual(["a 1"]);
  expect(statSync(path).size).toBeLessThan(100);
});

test("a file that is mostly dead is written anew", async () => {
  const path = inFolder();
  const { add, close, memory } = start(path);
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 2_000; i++) add(`same ${round} ${i} ${"x".repeat(500)}`);
    await close();
  }
  expect(statSync(path).size).toBeLessThan(1_500_000);
  expect([...start(path).memory.values()]).toEqual([...memory.values()]);
});

test(`more than ${unwrittenCharactersMax} characters do not wait for the disk, and are written from memory`, async () => {
  const path = inFolder();
  const { add, close, memory } = start(path);
  for (let i = 0; i < 50; i++) add(`${i} ${"x".repeat(100_000)}`);
  await close();
  expect([...start(path).memory.keys()]).toEqual([...memory.keys()]);
});

test("a file that cannot be read or written costs what it remembered, not who uses it", async () => {
  const path = inFolder();
  mkdirSync(path);
  const { add, close, memory } = start(path);
  expect(memory.size).toBe(0);
  add("a 1");
  await close();
});
