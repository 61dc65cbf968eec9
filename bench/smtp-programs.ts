import { type ChildProcess, spawn } from "node:child_process";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { waitForPort } from "./ports.ts";
import type { SmtpWorkload } from "./workloads.ts";

/** Debian keeps Postfix's programs where a plain user's PATH does not look. */
export const environment = {
  ...process.env,
  PATH: [process.env["PATH"], "/usr/sbin", "/usr/local/sbin"].join(delimiter),
};

/** Starts Postfix's smtp-sink, which takes and forgets mail. Rejects when it is not installed. */
export function startSink(port: number): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    // It refuses to run as root.
    const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
    const args = [...user, "-m", "3000", `127.0.0.1:${port}`, "1000"];
    const child = spawn("smtp-sink", args, { stdio: "ignore", env: environment });
    child.once("error", () => reject(new Error("smtp-sink is not installed: apt-get install postfix")));
    child.once("spawn", () => resolve(child));
  });
}

/** Starts a sink of our own for large messages. */
export async function startFastSink(port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("fast-sink.ts", import.meta.url)), String(port)], {
    stdio: "ignore",
  });
  await waitForPort(port);
  return child;
}

/** Sends `messages` with Postfix's smtp-source to 127.0.0.1:port. Gives the seconds it took; rejects when one was not taken. */
export function runSource(workload: SmtpWorkload, messages: number, port: number): Promise<number> {
  const shape = ["-s", String(workload.connections), "-m", String(messages), "-l", String(workload.bytes)];
  const reuse = workload.manyPerConnection ? ["-d"] : [];
  const envelope = ["-M", "bench.test", "-f", "bench@sender.test", "-t", "user@inside.test"];
  return new Promise((resolve, reject) => {
    const since = performance.now();
    const args = [...shape, ...reuse, ...envelope, `127.0.0.1:${port}`];
    const child = spawn("smtp-source", args, { stdio: ["ignore", "ignore", "pipe"], env: environment });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString("utf8");
    });
    child.once("error", () => reject(new Error("smtp-source is not installed: apt-get install postfix")));
    child.once("close", (code) => {
      if (code === 0 && complaint === "") resolve((performance.now() - since) / 1000);
      else reject(new Error(`smtp-source failed (${code}): ${complaint.trim()}`));
    });
  });
}
