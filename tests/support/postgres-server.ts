import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres, withDatabase } from "#scripts/database/embedded-postgres.ts";
import { migrate, readMigrations } from "#scripts/database/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A Postgres server that takes new databases, and the migrated one in it to copy them from. */
    postgresServer: { url: string; template: string };
  }
}

const folder = fileURLToPath(new URL("../../.postern/tests/postgres", import.meta.url));
const leases = `${folder}-leases`;
const lockStaleMs = 120_000;

/** Runs beside each other share one server: each holds a lease, and the last one out stops it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.DATABASE_URL;
  if (given !== undefined && given !== "") {
    project.provide("postgresServer", { url: given, template: await makeTemplate(given) });
    return async () => undefined;
  }
  const server = await locked(async () => {
    writeFileSync(join(leases, String(process.pid)), "");
    return start();
  });
  project.provide("postgresServer", { url: server.url, template: await makeTemplate(server.url) });
  return () =>
    locked(async () => {
      rmSync(join(leases, String(process.pid)), { force: true });
      if (otherLeases().length === 0) await server.stop();
    });
}

async function start() {
  const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" };
  try {
    return await startEmbeddedPostgres(folder, settings);
  } catch {
    // Without fsync a killed machine may leave a broken cluster; nothing in it is of value.
    rmSync(folder, { recursive: true, force: true });
    return startEmbeddedPostgres(folder, settings);
  }
}

/** One template for each state of the migrations; the databases that tests left behind are dropped by the way. */
async function makeTemplate(url: string): Promise<string> {
  const migrations = readMigrations();
  const digest = createHash("sha256").update(JSON.stringify(migrations)).digest("hex").slice(0, 12);
  const template = `postern_template_${digest}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock(72707370)");
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [template]);
    if (rowCount === 1) return template;
    const fresh = `${template}_new`;
    await client.query(`DROP DATABASE IF EXISTS ${fresh} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${fresh}`);
    await migrate(withDatabase(url, fresh), migrations);
    await client.query(`ALTER DATABASE ${fresh} RENAME TO ${template}`);
    return template;
  } finally {
    await client.end();
  }
}

function otherLeases(): string[] {
  return readdirSync(leases).filter((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return false;
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      rmSync(join(leases, name), { force: true });
      return false;
    }
  });
}

async function locked<T>(work: () => Promise<T>): Promise<T> {
  const lock = join(leases, "lock");
  mkdirSync(leases, { recursive: true, mode: 0o711 });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - made > lockStaleMs) rmSync(lock, { recursive: true, force: true });
      await wait(50);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
