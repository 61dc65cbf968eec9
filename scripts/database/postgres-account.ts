import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** The account that Postgres runs as: null means our own. */
export type PostgresAccount = { uid: number; gid: number } | null;

/** Postgres refuses to run as root: then it gets the account `postgres`, or `nobody` where there is none. */
export function postgresAccount(): PostgresAccount {
  if (process.getuid?.() !== 0) return null;
  const accounts = new Map(
    readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .map(([name, , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  const account = accounts.get("postgres") ?? accounts.get("nobody");
  if (account === undefined) {
    throw new Error("Postgres cannot run as root, and this machine has neither an account postgres nor nobody.");
  }
  return account;
}

/** Whether the account may read the path and pass every folder above it (a checkout under /root, mode 0700, is out of reach). */
export function reachable(path: string, account: PostgresAccount): boolean {
  if (account === null) return true;
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const { uid, gid, mode } = statSync(folder);
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
    if (((mode >> shift) & 1) === 0) return false;
    if (dirname(folder) === folder) return true;
  }
}
