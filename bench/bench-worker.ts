import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BenchProtocol, benchPolicy } from "./bench-policy.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));
const readyWithinMs = 20_000;

export type BenchWorker = { pid: number; stop(): Promise<void> };

/** Starts the worker with the benchmark's policy; `nodeArguments` go to node (`--cpu-prof`). */
export async function startWorker(
  protocol: BenchProtocol,
  ports: { listen: number; upstream: number },
  nodeArguments: readonly string[],
): Promise<BenchWorker> {
  const folder = mkdtempSync(join(tmpdir(), "postern-bench-"));
  writeFileSync(join(folder, "policy.yaml"), benchPolicy(protocol, ports));
  writeFileSync(join(folder, "worker.yaml"), "stateDir: state\npolicyFile: policy.yaml\n");
  const args = [...nodeArguments, "worker/main.ts", "--config", join(folder, "worker.yaml")];
  const child = spawn(process.execPath, args, { cwd: repository, stdio: ["ignore", "ignore", "pipe"] });
  process.once("exit", () => child.kill());
  await waitForReady(child);
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

function waitForReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    const timer = setTimeout(() => reject(new Error(`the worker was not ready in time:\n${log}`)), readyWithinMs);
    child.once("exit", () => reject(new Error(`the worker ended at start:\n${log}`)));
    child.stderr?.on("data", (chunk: Buffer) => {
      if (log.includes('"msg":"ready"')) return;
      log += chunk.toString("utf8");
      if (!log.includes('"msg":"ready"')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
