import type { OpenObject, OthersAtObject } from "#core/contract/presence.ts";
import { type Transaction, transaction } from "#lib/db.ts";

/** An editor that was not heard of for so long is not open any more. */
export const presenceMs = 30_000;
const othersMax = 20;

type Person = { userId: string; name: string };

/** Notes that a person has an object open, and returns who else has. No audit row: looking changes nothing. */
export function noteOpen(user: Person, told: OpenObject, now: Date): Promise<OthersAtObject> {
  return transaction((tx) => noteAndLook(tx, user, told, now));
}

async function noteAndLook(
  tx: Transaction,
  user: Person,
  { tab, object, open }: OpenObject,
  now: Date,
): Promise<OthersAtObject> {
  const gone = new Date(now.getTime() - presenceMs);
  await tx.openEditor.deleteMany({ where: { seenAt: { lt: gone } } });
  if (!open) {
    await tx.openEditor.deleteMany({ where: { tab, userId: user.userId } });
    return { others: [] };
  }
  const row = { userId: user.userId, userName: user.name, object, seenAt: now };
  await tx.openEditor.upsert({ where: { tab }, create: { tab, ...row }, update: row });
  const others = await tx.openEditor.findMany({
    where: { object, tab: { not: tab }, seenAt: { gte: gone } },
    orderBy: { userName: "asc" },
    take: othersMax,
  });
  return { others: others.map(({ userId, userName }) => ({ userId, name: userName })) };
}
