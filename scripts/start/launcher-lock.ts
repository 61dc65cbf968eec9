import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One launcher for one state folder. Throws when another one lives; what a killed one left behind is taken over. */
export function lockStateFolder(stateFolder: string): void {
  const file = join(stateFolder, "launcher.pid");
  const holder = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (holder !== process.pid && isLauncher(holder)) {
    throw new Error(
      `Postern already runs from ${stateFolder} (pid ${holder}). Stop it with Ctrl-C in its terminal, or kill ${holder}.`,
    );
  }
  writeFileSync(file, String(process.pid), { mode: 0o600 });
  process.once("exit", () => rmSync(file, { force: true }));
}

/** The id may have gone to another program since. */
function isLauncher(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
    return !existsSync("/proc/self/cmdline") || readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("start.ts");
  } catch {
    return false;
  }
}
