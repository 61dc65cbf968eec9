import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Servers that are run from a folder and never installed, and their Debian packages: Exim, OpenSMTPD and Postfix exclude each other
 * on one machine, and nobody wants an nginx to come with a benchmark.
 */
const packagesOf = {
  exim4: ["exim4-daemon-light"],
  smtpd: ["opensmtpd"],
  nginx: ["nginx", "libnginx-mod-mail"],
  haproxy: ["haproxy"],
} as const;

export type UnpackedProgram = keyof typeof packagesOf;
export const unpackedPrograms = Object.keys(packagesOf) as UnpackedProgram[];

const cache = fileURLToPath(new URL("../../.postern/packages", import.meta.url));

/** A package with every package that it needs and the machine lacks. Nothing in the folder keeps a set-user-id bit. */
const unpackScript = [
  "set -e",
  'cd "$1"; shift',
  'names=$(apt-get install --simulate --reinstall --no-install-recommends "$@" | awk \'$1 == "Inst" { print $2 }\')',
  "apt-get download -q $names",
  'for package in *.deb; do dpkg-deb -x "$package" root; done',
  "chmod -R u-s,g-s root",
].join("\n");

/** The folder that holds the program's package as its root folder would, or null when it is not unpacked. */
export function unpackedRoot(program: UnpackedProgram): string | null {
  const root = join(cache, program, "root");
  return existsSync(root) ? root : null;
}

/** Where the program's own libraries are: for LD_LIBRARY_PATH, below a root of `unpackedRoot`. */
export function libraryFolder(root: string): string {
  const libraries = join(root, "usr", "lib");
  const names = existsSync(libraries) ? readdirSync(libraries) : [];
  return join(libraries, names.find((name) => name.endsWith("-linux-gnu")) ?? "");
}

/** Fetches from apt what is not unpacked yet, or was for another release of the system. Needs no root. Says what it cannot do. */
export function unpackPackages(say: (line: string) => void): void {
  for (const program of unpackedPrograms) {
    const folder = join(cache, program);
    const stamp = `${systemRelease()}: ${packagesOf[program].join(" ")}\n`;
    if (readStamp(folder) === stamp) continue;
    say(`fetching ${packagesOf[program].join(" ")} from apt into ${folder} …`);
    const problem = unpack(folder, packagesOf[program], stamp);
    if (problem !== null) say(`that failed, what needs ${program} is left out (is apt-get update due?):\n${problem}`);
  }
}

/** Whole or not at all: it is unpacked under another name first. */
function unpack(folder: string, packages: readonly string[], stamp: string): string | null {
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(`${folder}.`);
  try {
    const { status, error, stdout, stderr } = spawnSync("bash", ["-c", unpackScript, "unpack", fresh, ...packages], {
      encoding: "utf8",
    });
    if (status !== 0) return error?.message ?? `${stdout}${stderr}`.trimEnd().split("\n").slice(-5).join("\n");
    writeFileSync(join(fresh, "stamp"), stamp);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return null;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function readStamp(folder: string): string | null {
  const file = join(folder, "stamp");
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

function systemRelease(): string {
  const [, name] = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8")) ?? [];
  return name ?? "an unknown release";
}
