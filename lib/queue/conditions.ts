import type { Transaction } from "#lib/db.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { atInterface } from "#lib/interfaces/scope.ts";
import { type QueueFilter, queueAges } from "./search.ts";

/** What a search finds, as a condition on rows of QueueEntry; ages are those at `now`. */
export async function conditions(filter: QueueFilter, now: Date, db?: Transaction): Promise<Prisma.Sql> {
  const { text, route, destination, state, cause, age, interface: listener } = filter;
  const all = [await atInterface(listener, db)];
  if (route !== null) all.push(Prisma.sql`route = ${route}`);
  if (destination !== null) all.push(Prisma.sql`destination = ${destination}`);
  if (state !== null) all.push(Prisma.sql`state = ${state}`);
  if (cause !== null) all.push(Prisma.sql`cause = ${cause}`);
  if (age !== null) all.push(ofAge(age, now));
  if (text !== null) {
    // strpos, not LIKE: what people type has no wildcards in it, and the cost is linear.
    all.push(Prisma.sql`strpos(lower(concat_ws(' ', id, sender, array_to_string(recipients, ' '), subject, "lastReply")),
                               lower(${text})) > 0`);
  }
  return Prisma.join(all, " AND ");
}

/** Of that age at `now`. */
export function ofAge(age: NonNullable<QueueFilter["age"]>, now: Date): Prisma.Sql {
  const index = queueAges.findIndex((one) => one.age === age);
  const until = queueAges[index]?.untilMs ?? null;
  const from = queueAges[index - 1]?.untilMs ?? null;
  const oldest = until === null ? Prisma.sql`TRUE` : Prisma.sql`"receivedAt" >= ${new Date(now.getTime() - until)}`;
  const youngest = from === null ? Prisma.sql`TRUE` : Prisma.sql`"receivedAt" < ${new Date(now.getTime() - from)}`;
  return Prisma.sql`(${oldest} AND ${youngest})`;
}
