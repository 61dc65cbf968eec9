import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { withDatabase } from "#scripts/database/embedded-postgres.ts";

export type TestDatabase = { url: string; drop(): Promise<void> };

/** A new, migrated, empty database. The caller drops it. */
export async function freshDatabase(): Promise<TestDatabase> {
  const { url, template } = inject("postgresServer");
  const name = `postern_test_${randomBytes(6).toString("hex")}`;
  await run(url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { url: withDatabase(url, name), drop: () => run(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/**
 * Gives this test file a database of its own: call it at the top of the file. DATABASE_URL names it from `beforeAll` on, so that
 * `#lib/db.ts` (which reads it at its first use) connects there.
 */
export function useTestDatabase(): { readonly url: string } {
  let database: TestDatabase | null = null;
  const before = process.env.DATABASE_URL;
  beforeAll(async () => {
    database = await freshDatabase();
    process.env.DATABASE_URL = database.url;
  });
  afterAll(async () => {
    await database?.drop();
    if (before === undefined) delete process.env.DATABASE_URL;
    else process.env.DATABASE_URL = before;
  });
  return {
    get url() {
      if (database === null) throw new Error("The database exists from beforeAll on.");
      return database.url;
    },
  };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
