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
 * Servers that are run from a folder and never installed, and their Debian packages: Exim, OpenSMTPD, Courier and Postfix exclude each other
 * on one machine, and nobody wants an nginx to come with a benchmark, or a scanner that begins to fetch signatures with the tests.
 */
const packagesOf = {
  exim4: { packages: ["exim4-daemon-light"] },
  // Debian 12's own cannot speak TLS as a server (OpenSMTPD 6.8 with OpenSSL 3: its issue 1171).
  smtpd: { packages: ["opensmtpd"], suite: "backports" },
  nginx: { packages: ["nginx", "libnginx-mod-mail"] },
  haproxy: { packages: ["haproxy"] },
  clamd: { packages: ["clamav-daemon"] },
  rspamd: { packages: ["rspamd"] },
  spamd: { packages: ["spamd"] },
  courierpop3d: { packages: ["courier-pop", "courier-authlib-userdb"] },
  perdition: { packages: ["perdition"] },
  "c-icap": { packages: ["c-icap", "libc-icap-mod-virus-scan"] },
} as const satisfies Record<string, Wanted>;

/** `suite`: beside the release's own packages, in lists that the machine's apt does not see. */
type Wanted = { packages: readonly string[]; suite?: "backports" };

export type UnpackedProgram = keyof typeof packagesOf;
const unpackedPrograms = Object.keys(packagesOf) as UnpackedProgram[];

const cache = fileURLToPath(new URL("../../.postern/packages", import.meta.url));

/** A package with every package that it needs and the machine lacks. Nothing in the folder keeps a set-user-id bit. */
const unpackScript = [
  "set -e",
  'cd "$1"; suite=$2; shift 2; options=',
  'if [ -n "$suite" ]; then',
  "  . /etc/os-release; suite=$VERSION_CODENAME-$suite; mkdir -p apt/lists/partial apt/cache/archives/partial; touch apt/list",
  "  from=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' | awk -v name=\"$VERSION_CODENAME\" '$1 == name { print $2; exit }')",
  "  cat /etc/apt/sources.list >apt/list 2>/dev/null || true",
  '  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $from $suite main" >>apt/list',
  '  options="-o Dir::Etc::SourceList=$PWD/apt/list -o Dir::State::Lists=$PWD/apt/lists -o Dir::Cache=$PWD/apt/cache -t $suite"',
  "  apt-get $options update -q",
  "fi",
  'names=$(apt-get $options install --simulate --reinstall --no-install-recommends "$@" | awk \'$1 == "Inst" { print $2 }\')',
  "apt-get $options download -q $names",
  "rm -rf apt",
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
export function unpackPackages(
  say: (line: string) => void,
  programs: readonly UnpackedProgram[] = unpackedPrograms,
): void {
  for (const program of programs) {
    const folder = join(cache, program);
    const wanted: Wanted = packagesOf[program];
    const words = [...wanted.packages, ...(wanted.suite === undefined ? [] : [`of ${wanted.suite}`])].join(" ");
    const stamp = `${systemRelease()}: ${words}\n`;
    if (readStamp(folder) === stamp) continue;
    say(`fetching ${words} from apt into ${folder} …`);
    const problem = unpack(folder, wanted, stamp);
    if (problem === null) continue;
    // What lies there from before is not what is wanted.
    rmSync(folder, { recursive: true, force: true });
    say(`that failed, what needs ${program} is left out (is apt-get update due?):\n${problem}`);
  }
}

/** Whole or not at all: it is unpacked under another name first. */
function unpack(folder: string, { packages, suite }: Wanted, stamp: string): string | null {
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(`${folder}.`);
  try {
    const { status, error, stdout, stderr } = spawnSync(
      "bash",
      ["-c", unpackScript, "unpack", fresh, suite ?? "", ...packages],
      {
        encoding: "utf8",
      },
    );
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
