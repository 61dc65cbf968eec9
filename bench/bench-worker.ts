import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import nodeOptions from "#worker/node-options.json" with { type: "json" };
import { type BenchPurpose, benchPolicy } from "./bench-policy.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));
const readyWithinMs = 20_000;

export type BenchWorker = { pid: number; stop(): Promise<void> };

/** Starts the worker with the benchmark's policy; `nodeArguments` go to node (`--cpu-prof`). */
export async function startWorker(
  purpose: BenchPurpose,
  ports: { listen: number; upstream: number },
  nodeArguments: readonly string[],
): Promise<BenchWorker> {
  const folder = mkdtempSync(join(tmpdir(), "postern-bench-"));
  writeFileSync(join(folder, "policy.yaml"), benchPolicy(purpose, ports));
  writeFileSync(join(folder, "worker.yaml"), "stateDir: state\npolicyFile: policy.yaml\n");
  const args = [...nodeOptions, ...nodeArguments, "worker/main.ts", "--config", join(folder, "worker.yaml")];
  // A file, as Postfix has: through a pipe our own reading of it would be measured.
  const log = join(folder, "log");
  const stderr = openSync(log, "a");
  const child = spawn(process.execPath, args, { cwd: repository, stdio: ["ignore", "ignore", stderr] });
  closeSync(stderr);
  process.once("exit", () => child.kill());
  await waitForReady(child, log);
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function waitForReady(child: ChildProcess, log: string): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  while (!readFileSync(log, "utf8").includes('"msg":"ready"')) {
    if (child.exitCode !== null) throw new Error(`the worker ended at start:\n${readFileSync(log, "utf8")}`);
    if (performance.now() > deadline)
      throw new Error(`the worker was not ready in time:\n${readFileSync(log, "utf8")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
