import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** Runs `postern …` beside the test, which may serve what it asks. */
export async function postern(args: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["cli/main.ts", ...args], { env: { ...process.env, ...environment } });
  child.stdin.end();
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [status, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { status, stdout, stderr };
}
