import { createHash } from "node:crypto";
import type { Transaction } from "#lib/db.ts";

/** Failures are forgotten this long after the last one. */
const memoryMs = 60 * 60_000;
/** The first wait; each further failure doubles it, up to the subject's longest. */
const waitFirstMs = 30_000;

type Limits = { failuresFree: number; waitMaxMs: number };
type Subject = Limits & { key: string };

/** One account from one address: who guesses shuts out himself, not the administrator elsewhere. */
export const pairLimits: Limits = { failuresFree: 5, waitMaxMs: 15 * 60_000 };
/** Many people can share an address. */
export const addressLimits: Limits = { failuresFree: 20, waitMaxMs: 15 * 60_000 };
/** Guesses from many addresses: slowed, but the account opens again every minute. */
export const accountLimits: Limits = { failuresFree: 30, waitMaxMs: 60_000 };

function subjectsOf(email: string, address: string | null): Subject[] {
  const account = createHash("sha256").update(email).digest("hex");
  const source = address ?? "unknown";
  return [
    { key: `account:${account}`, ...accountLimits },
    { key: `address:${source}`, ...addressLimits },
    { key: `pair:${account}:${source}`, ...pairLimits },
  ];
}

/** How long a subject waits after its n-th failure in a row, in milliseconds. */
export function waitAfterMs(failures: number, { failuresFree, waitMaxMs }: Limits): number {
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
  for (const { key, ...limits } of subjects) {
    const row = found.get(key);
    const remembered = row !== undefined && now.getTime() - row.lastFailureAt.getTime() < memoryMs ? row.failures : 0;
    const failures = remembered + 1;
    const waitMs = waitAfterMs(failures, limits);
    const lockedUntil = waitMs === 0 ? null : new Date(now.getTime() + waitMs);
    await tx.signInThrottle.update({ where: { key }, data: { failures, lastFailureAt: now, lockedUntil } });
  }
  return null;
}

/** After a success: the attempt was none of the failures, and this account starts anew from this address. */
export async function clearAttempts(tx: Transaction, email: string, address: string | null): Promise<void> {
  for (const { key } of subjectsOf(email, address)) {
    if (key.startsWith("pair:")) await tx.signInThrottle.deleteMany({ where: { key } });
    const where = { key, failures: { gt: 0 } };
    await tx.signInThrottle.updateMany({ where, data: { failures: { decrement: 1 }, lockedUntil: null } });
  }
}

/** Forgets what no longer counts; what another sign-in holds at the moment is left for the next time. */
export async function sweepAttempts(tx: Transaction, now: Date): Promise<void> {
  const before = new Date(now.getTime() - memoryMs);
  await tx.$executeRaw`DELETE FROM "SignInThrottle" WHERE "key" IN (
    SELECT "key" FROM "SignInThrottle" WHERE "lastFailureAt" < ${before} FOR UPDATE SKIP LOCKED)`;
}

async function lockRow(tx: Transaction, key: string, now: Date) {
  await tx.$executeRaw`INSERT INTO "SignInThrottle" ("key", "failures", "lastFailureAt") VALUES (${key}, 0, ${now})
    ON CONFLICT ("key") DO NOTHING`;
  await tx.$executeRaw`SELECT 1 FROM "SignInThrottle" WHERE "key" = ${key} FOR UPDATE`;
  return tx.signInThrottle.findUniqueOrThrow({ where: { key } });
}
