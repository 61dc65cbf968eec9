import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { libraryFolder, type UnpackedProgram, unpackedRoot } from "#scripts/test/unpacked-packages.ts";

/** Where the unpacked package is, for a server that runs by `spawnUnpacked`. */
export const packageRoot = "/mnt";

/** A file or folder that the server finds at another path, which must exist. */
export type Binding = { from: string; at: string };

const bindAndRun =
  'while [ "$1" != -- ]; do mount --bind "$1" "$2"; shift 2; done; shift; cd "$1"; shift; exec env LD_LIBRARY_PATH="$0" "$@"';
const ownSpaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];

/**
 * Runs a server from its unpacked package in mounts and processes of its own: the paths and users that are compiled into it lie in the
 * test's folder, nothing of the machine changes, and with the child everything that it started is gone. Needs root.
 */
export function spawnUnpacked(
  program: UnpackedProgram,
  command: readonly string[],
  { folder, bindings }: { folder: string; bindings: readonly Binding[] },
): ChildProcess {
  const root = unpackedRoot(program);
  if (root === null) throw new Error(`${program} is not unpacked`);
  const libraries = join(packageRoot, libraryFolder(root).slice(root.length));
  const binds = [{ from: root, at: packageRoot }, ...bindings].flatMap(({ from, at }) => [from, at]);
  const args = [...ownSpaces, "sh", "-ec", bindAndRun, libraries, ...binds, "--", folder, ...command];
  return spawn("unshare", args, { stdio: "ignore" });
}

/** Why servers cannot be run by `spawnUnpacked` here, or null. */
export function whyNoOwnSpaces(): string | null {
  const { status, error, stderr } = spawnSync("unshare", [...ownSpaces, "true"], { encoding: "utf8" });
  return status === 0 ? null : (error?.message ?? stderr.trim());
}

export type TestAccount = { name: string; id: number; home: string };

/** The machine's accounts and the given ones, to be bound over the machine's own lists. */
export function accountBindings(folder: string, accounts: readonly TestAccount[]): Binding[] {
  const users = accounts.map(({ name, id, home }) => `${name}:x:${id}:${id}::${home}:/bin/sh\n`);
  const groups = accounts.map(({ name, id }) => `${name}:x:${id}:\n`);
  return [
    { from: "passwd", lines: users },
    { from: "group", lines: groups },
  ].map(({ from, lines }) => {
    const [at, own] = [join("/etc", from), join(folder, from)];
    writeFileSync(own, readFileSync(at, "utf8") + lines.join(""));
    return { from: own, at };
  });
}

export function giveTo({ id }: TestAccount, ...folders: readonly string[]): void {
  for (const folder of folders) chownSync(folder, id, id);
}

/** Ends the server and whatever it started. */
export async function killServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGKILL");
  await gone;
}
