import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export type Requirement = { met: boolean; why: string };

const systemFolders = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

/** The full path of a program on PATH or in the system's sbin folders, or null. */
function findProgram(name: string): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...systemFolders];
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}

/** The program's path, or its bare name when it is not found: starting it then says so. */
export function programPath(name: string): string {
  return findProgram(name) ?? name;
}

/**
 * Whether the programs are here (and we are root, where a server needs it). Where CI is `true` a missing one throws, so that
 * nothing is skipped there unseen; elsewhere the reason is printed and the caller skips.
 */
export function requires(programs: readonly string[], options: { root?: boolean } = {}): Requirement {
  const missing = programs.filter((name) => findProgram(name) === null);
  const reasons = missing.map((name) => `${name} is not installed`);
  if (options.root === true && process.getuid?.() !== 0) reasons.push("the servers under test need root to start");
  const requirement = { met: reasons.length === 0, why: reasons.join("; ") };
  if (requirement.met) return requirement;
  if (process.env["CI"] === "true") throw new Error(`cannot run: ${requirement.why}`);
  process.stderr.write(`skipped: ${requirement.why} (npm test installs it from apt where it can)\n`);
  return requirement;
}
