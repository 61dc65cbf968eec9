import { execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { type PostgresAccount, postgresAccount, reachable } from "./postgres-account.ts";
import { type PostgresBinaries, postgresBinaries } from "./postgres-binaries.ts";

const superuser = "postern";
const startTimeoutMs = 60_000;
const stopTimeoutMs = 30_000;

const connectionSchema = z.strictObject({ port: z.number().int(), password: z.string().min(1) });
type Connection = z.infer<typeof connectionSchema>;

export type EmbeddedPostgres = {
  /** Of the database `postgres`; other databases: `withDatabase(url, name)`. */
  url: string;
  pid: number;
  /** true: it was left running by a launcher that was killed, and is ours now. */
  adopted: boolean;
  running(): boolean;
  /** Ends it orderly (fast shutdown) and waits; ends it hard after 30 s. May be called twice. */
  stop(): Promise<void>;
};

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.toString();
}

/**
 * Starts the Postgres whose data are under `folder` (made when absent), on loopback with a password of its own, or takes over the one
 * that already runs there. `settings` are postgresql.conf values for this run.
 */
export async function startEmbeddedPostgres(
  folder: string,
  settings: Record<string, string> = {},
): Promise<EmbeddedPostgres> {
  const account = postgresAccount();
  const home = prepareHome(folder, account);
  const binaries = postgresBinaries(account);
  const data = join(home, `data${binaries.major}`);
  const connectionFile = join(home, `connection${binaries.major}.json`);
  if (!existsSync(data)) initialise(binaries, data, connectionFile, account);
  const connection = connectionSchema.parse(JSON.parse(readFileSync(connectionFile, "utf8")));

  const orphan = runningPid(data);
  if (orphan !== null && (await answers(connection))) return handle(connection, orphan, true);

  if (!(await portIsFree(connection.port))) {
    connection.port = await freePort();
    writeSecret(connectionFile, JSON.stringify(connection));
  }
  const pid = launch(binaries, data, connection.port, join(home, "postgres.log"), account, settings);
  await untilReady(connection, pid, join(home, "postgres.log"));
  return handle(connection, pid, false);
}

/** The folder itself, or a place in /var/tmp when Postgres' account cannot reach it. */
function prepareHome(folder: string, account: PostgresAccount): string {
  let home = resolve(folder);
  // Passable, not readable: Postgres' account has to come through.
  mkdirSync(resolve(home, ".."), { recursive: true, mode: 0o711 });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (account === null) return home;
  if (!reachable(resolve(home, ".."), account)) {
    home = join("/var/tmp", `postern-data-${createHash("sha256").update(home).digest("hex").slice(0, 16)}`);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    // Everybody may write in /var/tmp: what somebody else has put there is not our data.
    const { uid } = lstatSync(home);
    if (uid !== 0 && uid !== account.uid) throw new Error(`${home} belongs to somebody else; remove it.`);
  }
  chownSync(home, account.uid, account.gid);
  chmodSync(home, 0o700);
  return home;
}

function initialise(binaries: PostgresBinaries, data: string, connectionFile: string, account: PostgresAccount): void {
  const password = randomBytes(24).toString("base64url");
  const fresh = `${data}.new`;
  const passwordFile = `${data}.password`;
  rmSync(fresh, { recursive: true, force: true });
  writeSecret(passwordFile, password);
  if (account !== null) chownSync(passwordFile, account.uid, account.gid);
  const locale = binaries.major >= 17 ? ["--locale-provider=builtin", "--locale=C.UTF-8"] : ["--locale=C"];
  try {
    execFileSync(
      join(binaries.folder, "initdb"),
      ["-D", fresh, "-U", superuser, "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--encoding=UTF8", ...locale],
      { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, LC_ALL: "C" }, cwd: "/", ...account },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writeSecret(connectionFile, JSON.stringify({ port: 0, password }));
  renameSync(fresh, data);
}

function launch(
  binaries: PostgresBinaries,
  data: string,
  port: number,
  logFile: string,
  account: PostgresAccount,
  settings: Record<string, string>,
): number {
  const values = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "", ...settings };
  const log = openSync(logFile, "a", 0o600);
  // Detached: a Ctrl-C of the terminal must not reach it before the programs that use it have ended.
  const child = spawn(
    join(binaries.folder, "postgres"),
    ["-D", data, ...Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    { detached: true, stdio: ["ignore", log, log], cwd: "/", ...account },
  );
  child.on("error", () => undefined);
  child.unref();
  closeSync(log);
  if (child.pid === undefined) throw new Error(`${join(binaries.folder, "postgres")} could not be started.`);
  return child.pid;
}

async function untilReady(connection: Connection, pid: number, logFile: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (!(await answers(connection))) {
    if (!isAlive(pid) || Date.now() > deadline) {
      const tail = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-6).join("\n");
      throw new Error(`Postgres did not start. The end of ${logFile}:\n${tail}`);
    }
    await wait(25);
  }
}

function handle(connection: Connection, pid: number, adopted: boolean): EmbeddedPostgres {
  return { url: urlOf(connection), pid, adopted, running: () => isAlive(pid), stop: () => stopProcess(pid) };
}

async function stopProcess(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, "SIGINT");
  const deadline = Date.now() + stopTimeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) process.kill(pid, "SIGQUIT");
    await wait(20);
  }
}

function urlOf({ port, password }: Connection): string {
  return `postgresql://${superuser}:${password}@127.0.0.1:${port}/postgres`;
}

async function answers(connection: Connection): Promise<boolean> {
  if (connection.port === 0) return false;
  const client = new pg.Client({ connectionString: urlOf(connection), connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

function runningPid(data: string): number | null {
  const file = join(data, "postmaster.pid");
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  return Number.isInteger(pid) && pid > 1 && isAlive(pid) ? pid : null;
}

/** A process that ended but was not collected yet (a zombie) is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return !existsSync("/proc/self/status");
  }
}

function writeSecret(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}

async function portIsFree(port: number): Promise<boolean> {
  if (port === 0) return false;
  return new Promise((done) => {
    const server = createServer()
      .once("error", () => done(false))
      .listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer()
      .once("error", fail)
      .listen(0, "127.0.0.1", () => {
        const address = server.address();
        server.close(() =>
          address !== null && typeof address === "object" ? done(address.port) : fail(new Error("no port")),
        );
      });
  });
}
