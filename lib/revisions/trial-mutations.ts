import { z } from "zod";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { announce } from "#lib/live/mutations.ts";
import { lockPolicy } from "./draft-lock.ts";
import { countQueued, openRollout } from "./rollout-mutations.ts";

const minuteMs = 60_000;

/** How a trial ended. superseded: another revision was published meanwhile. */
export type TrialEnding = "kept" | "reverted" | "superseded";

/** The trial that goes on, or null: at most one does, that of the live revision. */
export function openTrial(tx: Transaction) {
  return tx.revisionTrial.findFirst({ where: { ending: null }, orderBy: { number: "desc" } });
}

/** Whether the live revision is on trial or at its first workers: then only a person publishes the next one. */
export async function isUnsettled(tx: Transaction): Promise<boolean> {
  return (await openTrial(tx)) !== null || (await openRollout(tx)) !== null;
}

export const unsettledWords =
  "Nothing was fetched: a revision is on trial or at its first workers, and a fed list would be published over it. Keep it, give it to all workers or take it back first.";

/** The revision `number` goes back to `previous` after so many minutes, unless somebody keeps it. */
export async function beginTrial(
  tx: Transaction,
  actor: Actor,
  { number, previous, minutes }: { number: number; previous: number; minutes: number },
): Promise<void> {
  const startedAt = new Date();
  const endsAt = new Date(startedAt.getTime() + minutes * minuteMs);
  const queued = await countQueued(tx, (await openRollout(tx))?.firstWorkers ?? null);
  await tx.revisionTrial.create({ data: { number, previous, startedBy: actor.name, startedAt, endsAt, queued } });
}

/** Ends the trial that goes on, if one does. */
export async function endOpenTrial(
  tx: Transaction,
  actor: Actor,
  { ending, reason = null }: { ending: TrialEnding; reason?: string | null },
): Promise<void> {
  await tx.revisionTrial.updateMany({
    where: { ending: null },
    data: { ending, endedAt: new Date(), endedBy: actor.name, reason },
  });
}

/** A revision on trial stays. Fails with REVISION_SETTLED when its trial is over. */
export async function keepRevision(tx: Transaction, actor: Actor, { number }: { number: number }): Promise<void> {
  await lockPolicy(tx);
  await requireTrial(tx, number);
  await endOpenTrial(tx, actor, { ending: "kept" });
  await appendAudit(tx, actor, {
    action: "revision.keep",
    object: `revision r${number}`,
    summary: `${actor.name} kept r${number}: it does not go back by itself any more.`,
    detail: { number },
  });
  await announce(tx, ["draft", "overview"]);
}

/** The trial of that revision. Fails with REVISION_SETTLED when it is over. */
export async function requireTrial(tx: Transaction, number: number) {
  const trial = await openTrial(tx);
  if (trial?.number === number) return trial;
  const over = await tx.revisionTrial.findUnique({ where: { number } });
  const how = over?.ending === null || over === null ? "is not on trial" : `was ${over.ending} by ${over.endedBy}`;
  throw new PublicError("REVISION_SETTLED", `Nothing was done: r${number} ${how}. The page shows what is live now.`);
}

const shareSchema = z.tuple([z.object({ messages: z.number(), refused: z.number() })]);
export type RefusalShare = z.infer<typeof shareSchema>[0];

/** How many messages a revision judged, and how many of them it kept from their recipients; while it is at its first workers, at those. */
export function refusalsUnder(tx: Transaction, number: number): Promise<RefusalShare> {
  return refusals(tx, number, Prisma.sql`event.revision = ${number} AND event.at > published."publishedAt"`);
}

/** The same of the hour before it was published. */
export function refusalsBefore(tx: Transaction, number: number): Promise<RefusalShare> {
  const hour = Prisma.sql`event.at > published."publishedAt" - interval '1 hour'`;
  return refusals(tx, number, Prisma.sql`event.at <= published."publishedAt" AND ${hour}`);
}

async function refusals(tx: Transaction, number: number, which: Prisma.Sql): Promise<RefusalShare> {
  const found = await tx.$queryRaw`
    SELECT count(*)::int AS messages,
           (count(*) FILTER (WHERE event.verdict IN ('deny', 'tempfail', 'drop', 'block')))::int AS refused
    FROM "MailEvent" event JOIN "Revision" published ON published.number = ${number}
    LEFT JOIN "Rollout" rollout ON rollout.number = published.number AND rollout.ending IS NULL
    WHERE event.kind IN ('message', 'session') AND ${which}
      AND (rollout.number IS NULL OR event."workerId" = ANY (rollout."firstWorkers"))`;
  return shareSchema.parse(found)[0];
}
