import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { freePort } from "../support/free-port.ts";
import { LineClient } from "../support/line-client.ts";
import { smtpDocument } from "../support/policy-documents.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { waitUntil } from "../support/wait-until.ts";
import { WorkerProcess } from "../support/worker-process.ts";

const main = fileURLToPath(new URL("../../worker/main.ts", import.meta.url));

/** Runs a worker that is expected to end by itself. */
function run(...options: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [main, ...options], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => child.once("exit", (code) => resolve({ code, stderr })));
}

async function startWorker(port: number): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start({ policy: stringify(smtpDocument({ ports: [port] })) });
  onTestFinished(() => worker.remove());
  return worker;
}

test("a configuration that cannot be used ends with 2 and every reason", async () => {
  expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining("usage:") });
  const path = join(temporaryFolder(), "worker.yaml");
  writeFileSync(path, "{ stateDri: x }");
  const { code, stderr } = await run("--config", path);
  expect(code).toBe(2);
  expect(stderr).toMatch(/stateDir: missing[\s\S]*stateDri: unknown/);
});

test("a taken port ends the start with the address, the port and what to do", async () => {
  const port = await freePort();
  const other = createServer().listen(port, "127.0.0.1");
  onTestFinished(() => void other.close());
  await expect(startWorker(port)).rejects.toThrow(`127.0.0.1:${port} cannot be bound: the port is taken`);
});

test("a second worker on the same state directory is refused; after kill -9 the next one starts", async () => {
  const worker = await startWorker(await freePort());
  const { code, stderr } = await run("--config", join(worker.folder, "worker.yaml"));
  expect(code).toBe(1);
  expect(stderr).toContain(`another worker (process ${worker.pid}) uses ${worker.stateDir}`);
  await worker.killNine();
  await worker.start();
});

test("SIGTERM tells idle clients 421 and ends with 0", async () => {
  const port = await freePort();
  const worker = await startWorker(port);
  const client = await LineClient.connect(port);
  await client.hears("220 ");
  expect(await worker.stop()).toMatchObject({ code: 0 });
  await client.hears("421 4.3.2");
});

test("a second signal stops at once although a transaction is under way", async () => {
  const port = await freePort();
  const worker = await startWorker(port);
  const client = await LineClient.connect(port);
  await client.hears("220 ");
  client.socket.write("EHLO c.test\r\n");
  await client.hears("250 ");
  client.socket.write("MAIL FROM:<a@b.test>\r\n");
  await client.hears("250 2.1.0");
  process.kill(worker.pid, "SIGTERM");
  await waitUntil("the first signal to be heard", () => worker.stderr.includes("stopping: what is under way finishes"));
  const { code, tookMs } = await worker.stop();
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(5_000);
});
