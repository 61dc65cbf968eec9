import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Migration, migrate, readMigrations } from "#scripts/database/migrate.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.drop());

const added = (sql: string, checksum = "c".repeat(64)): Migration => ({ name: "99990101000000_added", sql, checksum });

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("the migration runner", () => {
  test("applies only what is missing, once", async () => {
    expect(await migrate(database.url)).toEqual([]);
    const all = [...readMigrations(), added("CREATE TABLE added ()")];
    expect(await migrate(database.url, all)).toEqual(["99990101000000_added"]);
    expect(await migrate(database.url, all)).toEqual([]);
  });

  test("takes a failing migration back whole", async () => {
    const all = [...readMigrations(), added("CREATE TABLE half (); SELECT nonsense")];
    await expect(migrate(database.url, all)).rejects.toThrow("99990101000000_added failed and was taken back");
    expect(await query("SELECT to_regclass('half') AS found")).toEqual([{ found: null }]);
    expect(await migrate(database.url)).toEqual([]);
  });

  test("refuses a migration that was edited after it was applied", async () => {
    await migrate(database.url, [...readMigrations(), added("SELECT 1")]);
    const edited = [...readMigrations(), added("SELECT 2", "d".repeat(64))];
    await expect(migrate(database.url, edited)).rejects.toThrow("was changed after it was applied");
  });

  test("refuses a database that a newer version has migrated", async () => {
    await migrate(database.url, [...readMigrations(), added("SELECT 1")]);
    await expect(migrate(database.url)).rejects.toThrow("which this version does not know");
  });

  test("two runners at once apply a migration once", async () => {
    const all = [...readMigrations(), added("CREATE TABLE once ()")];
    const answers = await Promise.all([migrate(database.url, all), migrate(database.url, all)]);
    expect(answers.flat()).toEqual(["99990101000000_added"]);
  });
});
