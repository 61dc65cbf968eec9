import { spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockDirectory } from "#worker/state/directory-lock.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const alive = () => true;

test("a second worker on the same directory is refused while the first lives", () => {
  const directory = temporaryFolder();
  const unlock = lockDirectory(directory, process.pid, alive);
  expect(() => lockDirectory(directory, process.pid, alive)).toThrow(/another worker \(process \d+\)/);
  unlock();
  lockDirectory(directory, process.pid, alive)();
  expect(readdirSync(directory)).toEqual([]);
});

test("the lock of a process that is gone does not block", async () => {
  const directory = temporaryFolder();
  const child = spawn("sleep", ["60"]);
  lockDirectory(directory, child.pid ?? 0, alive);
  expect(() => lockDirectory(directory, process.pid, alive)).toThrow("another worker");
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  lockDirectory(directory, process.pid, () => false)();
});

test("the lock of a process whose number was given to another does not block", () => {
  const directory = temporaryFolder();
  writeFileSync(join(directory, "lock"), JSON.stringify({ pid: process.pid, startedTicks: "1" }));
  lockDirectory(directory, process.pid, alive)();
});

test("a damaged lock does not block", () => {
  const directory = temporaryFolder();
  writeFileSync(join(directory, "lock"), "{");
  const unlock = lockDirectory(directory, process.pid, alive);
  expect(existsSync(join(directory, "lock"))).toBe(true);
  unlock();
});
