import { setting } from "./env.ts";
import { type Prisma, PrismaClient } from "./generated/prisma/client.ts";
import { SerialPg } from "./serial-pg.ts";

/** A transaction in progress, or the client itself where none is needed. */
export type Transaction = Prisma.TransactionClient;

const connectionsMax = 10;
const transactionTimeoutMs = 15_000;
const snapshotTimeoutMs = 120_000;

const holder = globalThis as typeof globalThis & { posternDatabase?: PrismaClient | undefined };

/** The process's one database client; made at the first use, kept over hot reloads. */
export function database(): PrismaClient {
  holder.posternDatabase ??= new PrismaClient({
    adapter: new SerialPg({ connectionString: setting("DATABASE_URL"), max: connectionsMax }),
    transactionOptions: { timeout: transactionTimeoutMs, maxWait: transactionTimeoutMs },
  });
  return holder.posternDatabase;
}

/** Runs `work` in one transaction: all of it is kept or none. */
export function transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
  return database().$transaction(work);
}

/** Runs `read` on the database as it is at one moment, for reports that take long; nothing waits for it. */
export function snapshot<T>(read: (tx: Transaction) => Promise<T>): Promise<T> {
  return database().$transaction(read, { isolationLevel: "RepeatableRead", timeout: snapshotTimeoutMs });
}

/** For programs that end: closes the connections. A later use opens new ones. */
export async function closeDatabase(): Promise<void> {
  const client = holder.posternDatabase;
  holder.posternDatabase = undefined;
  await client?.$disconnect();
}
