import type { Transaction } from "#lib/db.ts";
import { type Change, liveChannel, type Topic } from "./topics.ts";

/** Tells the open pages that something under these topics changed; heard when the transaction commits. */
export async function announce(tx: Transaction, topics: readonly Topic[]): Promise<void> {
  const change: Change = { topics: [...topics] };
  await tx.$executeRaw`SELECT pg_notify(${liveChannel}, ${JSON.stringify(change)})`;
}
