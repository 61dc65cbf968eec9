import type { ChildProcess } from "node:child_process";

/** A way from the load to the sink: `pid` is the process whose tree does the work, null: nobody's. */
export type Peer = { name: string; port: number; pid: number | null; stop(): Promise<void> };

/** Asks a program to end, and waits until it has. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}
