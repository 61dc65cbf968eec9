import { createHash } from "node:crypto";
import type { Transaction } from "#lib/db.ts";

/** Failures are forgotten this long after the last one. */
const memoryMs = 60 * 60_000;
/** The first wait; each further failure doubles it. An account is never closed for longer than `waitMaxMs`. */
const waitFirstMs = 30_000;
const waitMaxMs = 15 * 60_000;
const accountFailuresFree = 5;
/** Many people can share an address. */
const addressFailuresFree = 20;

type Subject = { key: string; failuresFree: number };

function subjectsOf(email: string, address: string | null): Subject[] {
  const account = createHash("sha256").update(email).digest("hex");
  const subjects = [{ key: `account:${account}`, failuresFree: accountFailuresFree }];
  if (address !== null) subjects.push({ key: `address:${address}`, failuresFree: addressFailuresFree });
  return subjects;
}

/** How long a subject waits after its n-th failure in a row, in milliseconds. */
export function waitAfterMs(failures: number, failuresFree: number): number {
  if (failures < failuresFree) return 0;
  return Math.min(waitFirstMs * 2 ** Math.min(failures - failuresFree, 20), waitMaxMs);
}

/**
 * Counts an attempt as failed before it is looked at, so that attempts at the same time cannot slip through together;
 * `clearAttempts` takes it back after a success. Returns null, or the time until which no attempt is looked at: then
 * nothing was counted, and waiting is not made longer by trying.
 */
export async function countAttempt(
  tx: Transaction,
  email: string,
  address: string | null,
  now: Date,
): Promise<Date | null> {
  const subjects = subjectsOf(email, address);
  const found = new Map<string, { failures: number; lastFailureAt: Date; lockedUntil: Date | null }>();
  for (const { key } of subjects) found.set(key, await lockRow(tx, key, now));
  const locked = [...found.values()].flatMap(({ lockedUntil }) =>
    lockedUntil !== null && lockedUntil > now ? [lockedUntil] : [],
  );
  if (locked.length > 0) return new Date(Math.max(...locked.map(Number)));
  for (const { key, failuresFree } of subjects) {
    const row = found.get(key);
    const remembered = row !== undefined && now.getTime() - row.lastFailureAt.getTime() < memoryMs ? row.failures : 0;
    const failures = remembered + 1;
    const waitMs = waitAfterMs(failures, failuresFree);
    const lockedUntil = waitMs === 0 ? null : new Date(now.getTime() + waitMs);
    await tx.signInThrottle.update({ where: { key }, data: { failures, lastFailureAt: now, lockedUntil } });
  }
  return null;
}

/** After a success: the account starts anew, and the address has one failure less. */
export async function clearAttempts(tx: Transaction, email: string, address: string | null): Promise<void> {
  const [account, source] = subjectsOf(email, address);
  if (account !== undefined) await tx.signInThrottle.deleteMany({ where: { key: account.key } });
  if (source === undefined) return;
  const where = { key: source.key, failures: { gt: 0 } };
  await tx.signInThrottle.updateMany({ where, data: { failures: { decrement: 1 }, lockedUntil: null } });
}

/** Forgets what no longer counts. */
export async function sweepAttempts(tx: Transaction, now: Date): Promise<void> {
  await tx.signInThrottle.deleteMany({ where: { lastFailureAt: { lt: new Date(now.getTime() - memoryMs) } } });
}

async function lockRow(tx: Transaction, key: string, now: Date) {
  await tx.$executeRaw`INSERT INTO "SignInThrottle" ("key", "failures", "lastFailureAt") VALUES (${key}, 0, ${now})
    ON CONFLICT ("key") DO NOTHING`;
  await tx.$executeRaw`SELECT 1 FROM "SignInThrottle" WHERE "key" = ${key} FOR UPDATE`;
  return tx.signInThrottle.findUniqueOrThrow({ where: { key } });
}
