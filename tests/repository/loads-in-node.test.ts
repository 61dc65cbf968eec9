import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("every module of the worker and of core links in Node itself, which names fewer exports of CommonJS packages than the test runner", () => {
  const tracked = execFileSync("git", ["ls-files", "-z", "core", "worker"], { cwd: root, encoding: "utf8" });
  // What begins to work when it is loaded: programs and threads.
  const modules = tracked
    .split("\0")
    .filter((path) => /(?<!\.d)\.ts$/.test(path) && !/(?:^|\/)(?:main|[a-z-]*thread)\.ts$/.test(path));
  const code = `
    for (const path of ${JSON.stringify(modules)}) {
      try { await import(${JSON.stringify(root)} + path); } catch (error) { console.log(path + ": " + error.message); }
    }`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    cwd: root,
    encoding: "utf8",
  });
  expect({ stdout, stderr, status }).toEqual({ stdout: "", stderr: "", status: 0 });
}, 60_000);
