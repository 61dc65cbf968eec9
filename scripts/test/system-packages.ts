import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What the tests use of the system, and Debian's package for it. */
const needed: { program: string; packages: string[]; works?: string[] }[] = [
  { program: "chromium", packages: ["chromium", "fonts-liberation"] },
  // swaks speaks TLS through a Perl module that its package does not ask for.
  { program: "swaks", packages: ["swaks", "libnet-ssleay-perl"], works: ["perl", "-MNet::SSLeay", "-e", "1"] },
  { program: "curl", packages: ["curl"] },
  { program: "fetchmail", packages: ["fetchmail"] },
  { program: "mpop", packages: ["mpop"] },
  { program: "getmail", packages: ["getmail6"] },
  { program: "mutt", packages: ["mutt"] },
  { program: "openssl", packages: ["openssl"] },
  { program: "python3", packages: ["python3"] },
  {
    program: "python3",
    packages: ["python3-dkim", "python3-nacl", "python3-authres"],
    works: ["/usr/bin/python3", "-c", "import dkim, nacl, authres"],
  },
  { program: "msmtp", packages: ["msmtp"] },
  { program: "pdftotext", packages: ["poppler-utils"] },
  { program: "postfix", packages: ["postfix"] },
  { program: "dovecot", packages: ["dovecot-core", "dovecot-pop3d"] },
];

const policyFile = "/usr/sbin/policy-rc.d";

/**
 * Installs what is missing from apt where that needs no question: as root, or by a sudo without a password. Where it cannot, says so: the tests
 * that need the programs are then skipped, or fail where CI is `true`.
 */
export function installSystemPackages(say: (line: string) => void): void {
  const missing = needed.filter(({ program, works }) => !isInstalled(program) || !succeeds(works));
  if (missing.length === 0) return;
  const names = missing.flatMap(({ packages }) => packages).join(" ");
  const prefix = privileges();
  if (prefix === null) {
    say(`not installed: ${names}. There is no apt-get, or no right to use it; the tests that need them are skipped.`);
    return;
  }
  say(`installing ${names} from apt for the tests …`);
  const script = [
    "set -e",
    "export DEBIAN_FRONTEND=noninteractive",
    "echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections",
    "apt-get update -q",
    `apt-get install -y -q --no-install-recommends ${names}`,
  ].join("\n");
  const { status, stdout, stderr } = withoutServices(prefix, () =>
    spawnSync("env", [...prefix, "bash", "-c", script], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    }),
  );
  if (status !== 0) say(`apt-get failed:\n${`${stdout}${stderr}`.trimEnd().split("\n").slice(-15).join("\n")}`);
}

export function isInstalled(program: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin", "/usr/local/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function succeeds([program, ...args]: readonly string[] = []): boolean {
  return program === undefined || spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

/** What to put before a command; null: we may not install. */
function privileges(): string[] | null {
  if (!isInstalled("apt-get")) return null;
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : null;
}

/** Debian starts a server when it is installed; the tests start their own, with their own configuration. */
function withoutServices<T>(prefix: readonly string[], install: () => T): T {
  const ours = prefix.length === 0 && !existsSync(policyFile);
  if (ours) writeFileSync(policyFile, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return install();
  } finally {
    if (ours) rmSync(policyFile, { force: true });
  }
}
