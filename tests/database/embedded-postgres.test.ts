import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#scripts/database/embedded-postgres.ts";

let parent: string;
let folder: string;
const started: EmbeddedPostgres[] = [];
beforeEach(() => {
  parent = mkdtempSync("/var/tmp/postern-test-");
  folder = join(parent, "state", "postgres");
});
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  rmSync(parent, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(folder, { fsync: "off" });
  started.push(server);
  return server;
}

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("the embedded Postgres", () => {
  test("listens on loopback only, wants its own password, and keeps data over a stop", async () => {
    const first = await start();
    expect(await ask(first.url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
    const wrong = new URL(first.url);
    wrong.password = "guess";
    await expect(ask(wrong.toString(), "SELECT 1")).rejects.toThrow("password authentication failed");
    await ask(first.url, "CREATE TABLE kept ()");
    await first.stop();
    expect(first.running()).toBe(false);
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await ask(second.url, "SELECT to_regclass('kept')::text AS found")).toEqual([{ found: "kept" }]);
  });

  test("is taken over, not started twice, when its launcher was killed", async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ pid: first.pid, adopted: true });
    await second.stop();
    expect(first.running()).toBe(false);
  });

  test("works under a folder that only its owner may enter", async () => {
    const hidden = mkdtempSync(join(tmpdir(), "postern-hidden-"));
    try {
      const server = await startEmbeddedPostgres(join(hidden, "postgres"), { fsync: "off" });
      started.push(server);
      expect(statSync(hidden).mode & 0o777).toBe(0o700);
      const rows = await ask<{ data_directory: string }>(server.url, "SHOW data_directory");
      const home = join(rows[0]?.data_directory ?? "", "..");
      const [connection = ""] = ["connection18.json", "connection17.json", "connection15.json"].filter(
        (name) => statSync(join(home, name), { throwIfNoEntry: false }) !== undefined,
      );
      expect(statSync(join(home, connection)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(home, connection), "utf8")).toContain("password");
      await server.stop();
      if (!home.startsWith(hidden)) rmSync(home, { recursive: true, force: true });
    } finally {
      rmSync(hidden, { recursive: true, force: true });
    }
  });
});
