import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freshDatabase, type TestDatabase } from "../support/database.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cli = join(root, "node_modules/prisma/build/index.js");
let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await freshDatabase();
  // Inside the checkout, so that the configuration finds the packages.
  folder = mkdtempSync(join(root, "node_modules/.postern-schema-"));
  cpSync(join(root, "prisma"), join(folder, "prisma"), { recursive: true });
  cpSync(join(root, "scripts/prisma"), join(folder, "scripts/prisma"), { recursive: true });
  cpSync(join(root, "prisma.config.ts"), join(folder, "prisma.config.ts"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

function prisma(...args: string[]): Promise<{ code: number; output: string }> {
  const env = { ...process.env, DATABASE_URL: database.url, NO_COLOR: "1" };
  return new Promise((done) => {
    execFile(process.execPath, [cli, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

async function shadows(): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query("SELECT datname FROM pg_database WHERE datname LIKE 'prisma_shadow_%'");
  await client.end();
  return rows;
}

describe("prisma's developer commands on the schema engine as WebAssembly", () => {
  test("find that the migrations make exactly what the schema says", async () => {
    const diff = ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma/schema.prisma", "--exit-code"];
    expect(await prisma(...diff)).toMatchObject({ code: 0, output: expect.stringContaining("No difference detected") });
  });

  test("accept the history that our runner wrote", async () => {
    const { code, output } = await prisma("migrate", "status");
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("up to date") });
  });

  test("write the next migration, by way of a shadow database that they drop", async () => {
    const before = await shadows();
    const schema = join(folder, "prisma/schema.prisma");
    writeFileSync(schema, `${readFileSync(schema, "utf8")}\nmodel Probe {\n  id Int @id\n}\n`);
    const { code, output } = await prisma("migrate", "dev", "--name", "probe");
    expect({ code, output }).toMatchObject({ code: 0 });
    const written = readdirSync(join(folder, "prisma/migrations")).find((name) => name.endsWith("_probe")) ?? "";
    expect(readFileSync(join(folder, "prisma/migrations", written, "migration.sql"), "utf8")).toContain(
      'CREATE TABLE "Probe"',
    );
    expect(await shadows()).toEqual(before);
  });
});
