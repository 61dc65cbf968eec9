import type { ChildProcess } from "node:child_process";

/** Asks the process to end and waits until it has. One that does not is killed after the time, and the error says which it was. */
export async function endProcess(name: string, child: ChildProcess | null, withinMs = 20_000): Promise<void> {
  // One that ended by itself tells nobody again.
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let killed = false;
  const timer = setTimeout(() => {
    killed = child.kill("SIGKILL");
  }, withinMs);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(timer);
  if (killed) throw new Error(`${name} did not end within ${withinMs} ms of SIGTERM, and was killed`);
}
