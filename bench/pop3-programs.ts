import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { userOfShape } from "./pop3-shape.ts";
import { waitForPort } from "./ports.ts";
import type { Pop3Workload } from "./workloads.ts";

function program(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Starts the server whose mailboxes are fetched. */
export async function startMailboxes(port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program("pop3-server.ts"), String(port)], { stdio: "ignore" });
  await waitForPort(port);
  return child;
}

/** Runs sessions of the workload's clients at 127.0.0.1:port. Gives the seconds they took; rejects when one went wrong. */
export function runClients(workload: Pop3Workload, sessions: number, port: number): Promise<number> {
  const args = [String(port), userOfShape(workload), String(workload.clients), String(sessions)];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program("pop3-load.ts"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let [seconds, complaint] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      seconds += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString("utf8");
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(Number(seconds));
      else reject(new Error(`the clients failed (${code}): ${complaint.trim()}`));
    });
  });
}
