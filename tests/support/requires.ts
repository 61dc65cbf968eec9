import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type UnpackedProgram, unpackedRoot } from "#scripts/test/unpacked-packages.ts";
import { whyNoOwnSpaces } from "./unpacked-server.ts";

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
  return met([...missing.map((name) => `${name} is not installed`), ...(options.root === true ? whyNotRoot() : [])]);
}

/** The same for what a command shows to be here. */
export function requiresCommand(what: string, [program, ...args]: readonly [string, ...string[]]): Requirement {
  const works = spawnSync(program, args, { stdio: "ignore" }).status === 0;
  return met(works ? [] : [`${what} is not installed`]);
}

/** The same for a server that runs by `spawnUnpacked`. */
export function requiresUnpacked(program: UnpackedProgram): Requirement {
  const missing = unpackedRoot(program) === null ? [`${program} is not unpacked`] : [];
  const notRoot = whyNotRoot();
  const noSpaces = notRoot.length > 0 ? null : whyNoOwnSpaces();
  return met([
    ...missing,
    ...notRoot,
    ...(noSpaces === null ? [] : [`${program} cannot have its own mounts: ${noSpaces}`]),
  ]);
}

/** The same for a server that anybody may run from where it is unpacked. */
export function requiresUnpackedFiles(...programs: readonly UnpackedProgram[]): Requirement {
  return met(
    programs.filter((program) => unpackedRoot(program) === null).map((program) => `${program} is not unpacked`),
  );
}

function whyNotRoot(): string[] {
  return process.getuid?.() === 0 ? [] : ["the servers under test need root to start"];
}

function met(reasons: readonly string[]): Requirement {
  const requirement = { met: reasons.length === 0, why: reasons.join("; ") };
  if (requirement.met) return requirement;
  if (process.env["CI"] === "true") throw new Error(`cannot run: ${requirement.why}`);
  process.stderr.write(`skipped: ${requirement.why} (npm test fetches it from apt where it can)\n`);
  return requirement;
}
