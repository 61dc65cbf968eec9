import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const lockSchema = z.strictObject({ pid: z.number().int().positive(), startedTicks: z.string() });
const attemptsMax = 5;

export class StateDirectoryInUse extends Error {}

/**
 * Makes this process the only worker on `directory`; returns what gives it up again. Throws StateDirectoryInUse while another
 * lives. A lock that a killed worker left behind does not block: its process is gone, or its number belongs to a later one.
 */
export function lockDirectory(directory: string, pid: number, isAlive: (pid: number) => boolean): () => void {
  const path = join(directory, "lock");
  const own = join(directory, `lock.${randomBytes(6).toString("hex")}`);
  writeFileSync(own, JSON.stringify({ pid, startedTicks: startedTicks(pid) ?? "" }), { mode: 0o600, flag: "wx" });
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      // link() fails when the name is taken: two workers that start together cannot both win.
      if (tryLink(own, path)) return () => rmSync(path, { force: true });
      const holder = readHolder(path, isAlive);
      if (holder !== null) {
        throw new StateDirectoryInUse(
          `another worker (process ${holder}) uses ${directory}: stop it, or name another stateDir`,
        );
      }
      renameAway(path, `${own}.stale`);
    }
    throw new StateDirectoryInUse(`${directory} is being locked and unlocked by other workers`);
  } finally {
    rmSync(own, { force: true });
    rmSync(`${own}.stale`, { force: true });
  }
}

function tryLink(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

function renameAway(path: string, to: string): void {
  try {
    renameSync(path, to);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

/** The living process that holds the lock, or null. */
function readHolder(path: string, isAlive: (pid: number) => boolean): number | null {
  const holder = readLock(path);
  if (holder === null) return null;
  const ticks = startedTicks(holder.pid);
  // Where /proc tells nothing, a living process of that number has to do as proof.
  if (ticks === null) return holder.startedTicks === "" && isAlive(holder.pid) ? holder.pid : null;
  return ticks === holder.startedTicks ? holder.pid : null;
}

function readLock(path: string): z.infer<typeof lockSchema> | null {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/** When the process started, in clock ticks since boot (proc(5), field 22 of stat); null when it does not run or nothing tells. */
function startedTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
