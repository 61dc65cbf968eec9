import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { startEmbeddedPostgres, withDatabase } from "./embedded-postgres.ts";
import { migrate } from "./migrate.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const help = `For those who change prisma/schema.prisma:
  npm run db:migrate -- --name what-changes   writes the next migration and tries it
  npm run db:status                           whether the migrations and the database agree
Uses a database of its own in an embedded Postgres, or the one of DATABASE_URL.`;

const commands: Record<string, string[]> = { migrate: ["migrate", "dev"], status: ["migrate", "status"] };

async function main(): Promise<number> {
  const [name = "", ...rest] = process.argv.slice(2);
  const command = commands[name];
  if (command === undefined || rest.includes("--help")) {
    console.log(help);
    return rest.includes("--help") ? 0 : 2;
  }
  const given = process.env.DATABASE_URL;
  if (given !== undefined && given !== "") return run(name, [...command, ...rest], given);
  const server = await startEmbeddedPostgres(join(root, ".postern/development/postgres"));
  try {
    await ensureDatabase(server.url);
    return await run(name, [...command, ...rest], withDatabase(server.url, "development"));
  } finally {
    await server.stop();
  }
}

/** What is pending is applied by our own runner first: the engine cannot apply migrations and write the next one in the same run. */
async function run(name: string, args: string[], url: string): Promise<number> {
  if (name === "migrate") await migrate(url);
  return prisma(args, url);
}

function prisma(args: string[], url: string): number {
  const cli = join(root, "node_modules/prisma/build/index.js");
  const { status } = spawnSync(process.execPath, [cli, ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, DATABASE_URL: url },
  });
  return status ?? 1;
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = 'development'");
    if (rowCount === 0) await client.query("CREATE DATABASE development");
  } finally {
    await client.end();
  }
}

process.exitCode = await main();
