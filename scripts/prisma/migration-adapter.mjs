import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum, DriverAdapterError } from "@prisma/driver-adapter-utils";
import pg from "pg";

const CHAR_TYPE = 18;
const TEXT_TYPE = 25;

/** The same server and credentials with another database. TLS is what the URL says, with pg's own certificate checks. */
export function withDatabase(url, database) {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.toString();
}

/** Runs one query on a connection of its own. */
export async function queryOnce(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/** adapter-pg does not know the catalogue's "char" type, which introspection reads. */
function readCatalogueChar(queryable) {
  const performIO = queryable.performIO;
  let characters = new Set();
  queryable.performIO = async function (query) {
    const result = await performIO.call(this, query);
    characters = new Set();
    for (const [index, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== CHAR_TYPE) continue;
      characters.add(index);
      field.dataTypeID = TEXT_TYPE;
    }
    return result;
  };
  const queryRaw = queryable.queryRaw.bind(queryable);
  queryable.queryRaw = async (query) => {
    const result = await queryRaw(query);
    const columnTypes = result.columnTypes.map((type, index) =>
      characters.has(index) ? ColumnTypeEnum.Character : type,
    );
    return { ...result, columnTypes };
  };
  return queryable;
}

async function connect(url, onDispose) {
  const adapter = readCatalogueChar(await new PrismaPg({ connectionString: url, max: 1 }).connect());
  const startTransaction = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (level) => readCatalogueChar(await startTransaction(level));
  // adapter-pg splits at every semicolon, which tears function bodies; the server takes a whole script as it is.
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script);
    } catch (error) {
      throw new DriverAdapterError({
        kind: "postgres",
        code: error.code ?? "N/A",
        severity: error.severity ?? "N/A",
        message: error.message,
        detail: error.detail,
        column: error.column,
        hint: error.hint,
      });
    }
  };
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await dispose();
    await onDispose?.();
  };
  return adapter;
}

/** The adapter factory that the schema engine asks for connections to the database and to throw-away shadow databases. */
export function migrationAdapterFactory(url) {
  return {
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: () => connect(url),
    // adapter-pg passes `database` beside the connection string, and pg lets the string win: its shadow is the real database.
    connectToShadowDb: async () => {
      const name = `prisma_shadow_${globalThis.crypto.randomUUID()}`;
      await queryOnce(url, `CREATE DATABASE "${name}"`);
      return connect(withDatabase(url, name), () => queryOnce(url, `DROP DATABASE "${name}" WITH (FORCE)`));
    },
  };
}
