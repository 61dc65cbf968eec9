import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres, withDatabase } from "#scripts/database/embedded-postgres.ts";

const databaseName = "postern";
const watchMs = 1_000;

export type Database = { url: string; description: string; stop(): Promise<void> };

/** The database of DATABASE_URL, or the embedded Postgres: that one is watched and started again when it ends. */
export async function openDatabase(
  given: string | null,
  folder: string,
  say: (line: string) => void,
): Promise<Database> {
  if (given !== null) return { url: given, description: "DATABASE_URL", stop: async () => undefined };
  let server = await startEmbeddedPostgres(folder);
  await createDatabase(server.url);
  const stopped = new AbortController();
  const watching = watch(
    () => server,
    (next) => {
      server = next;
    },
    folder,
    say,
    stopped.signal,
  );
  return {
    url: withDatabase(server.url, databaseName),
    description: `embedded Postgres, port ${new URL(server.url).port}${server.adopted ? ", was still running" : ""}`,
    stop: async () => {
      stopped.abort();
      await watching;
      await server.stop();
    },
  };
}

async function watch(
  current: () => EmbeddedPostgres,
  replace: (next: EmbeddedPostgres) => void,
  folder: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await wait(watchMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted || current().running()) continue;
    say("Postgres ended; starting it again.");
    try {
      replace(await startEmbeddedPostgres(folder));
      say("Postgres is back.");
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}
