import { z } from "zod";
import { type Verdict, verdictSchema } from "#core/contract/decision.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { database, type Transaction } from "#lib/db.ts";
import type { ReplayJob } from "#lib/generated/prisma/client.ts";
import { parseRevision } from "#lib/revisions/revision-row.ts";
import { type ReplayResult, replayResultSchema } from "./result.ts";

/** What a message was judged by, as it lies in the database. */
export type FactsRow = {
  eventId: string;
  at: Date;
  policy: string;
  verdict: Verdict;
  ruleId: string | null;
  revision: number;
  facts: string;
};

/** Where a replay is. */
export type Place = { at: Date; id: string } | null;

const rowsSchema = z.array(
  z.object({
    eventId: z.string(),
    at: z.date(),
    policy: z.string(),
    verdict: verdictSchema,
    ruleId: z.string().nullable(),
    revision: z.number(),
    facts: z.string(),
  }),
);

/** The next messages of a time, oldest first, after a place. */
export async function nextFacts(since: Date, until: Date, after: Place, countMax: number): Promise<FactsRow[]> {
  const found = await database().$queryRaw`
    SELECT "eventId", "at", "policy", "verdict", "ruleId", "revision", "facts" FROM "MessageFacts"
    WHERE "at" < ${until} AND ("at", "eventId") > (${after?.at ?? since}, ${after?.id ?? ""})
    ORDER BY "at", "eventId" LIMIT ${countMax}`;
  return rowsSchema.parse(found);
}

/** Null: there is no such revision, or none that today's schema knows. */
export async function revisionDocument(
  number: number,
  tx: Pick<Transaction, "revision"> = database(),
): Promise<PolicyDocument | null> {
  const row = await tx.revision.findUnique({ where: { number } });
  if (row === null) return null;
  try {
    return parseRevision(row);
  } catch {
    return null;
  }
}

export async function unfinishedReplays(): Promise<string[]> {
  const jobs = await database().replayJob.findMany({
    where: { finishedAt: null },
    orderBy: { createdAt: "asc" },
    select: { id: true },
  });
  return jobs.map(({ id }) => id);
}

/** A message that stands for others, as lists show it. */
export type SampleMessage = { sender: string | null; subject: string | null };

export type ReplayView = {
  id: string;
  actor: string;
  since: Date;
  until: Date;
  total: number;
  done: number;
  finishedAt: Date | null;
  result: ReplayResult;
  /** Those of its samples that are still known, by id. */
  samples: Record<string, SampleMessage>;
  /** It was another draft than the one that is asked about. */
  isOutdated: boolean;
};

/** The last replay of the draft; null: there is none. `digest`: of the draft as it is. */
export function latestReplay(digest: string): Promise<ReplayView | null> {
  return lastReplay(null, digest);
}

/** The last replay of a revision, as such; null: there is none. */
export function replayOf(revision: number): Promise<ReplayView | null> {
  return lastReplay(revision, null);
}

async function lastReplay(revision: number | null, digest: string | null): Promise<ReplayView | null> {
  const job = await database().replayJob.findFirst({
    where: { revision },
    orderBy: { createdAt: "desc" },
    omit: { document: true },
  });
  return job === null ? null : viewOf(job, digest ?? job.digest);
}

/** The last replay of a revision while it was a draft; null: it was published without. */
export async function replayBefore(revisionNumber: number): Promise<ReplayView | null> {
  const revision = await database().revision.findUnique({
    where: { number: revisionNumber },
    select: { digest: true, publishedAt: true },
  });
  if (revision === null) return null;
  const { digest, publishedAt } = revision;
  const job = await database().replayJob.findFirst({
    where: { digest, createdAt: { lt: publishedAt }, finishedAt: { not: null } },
    orderBy: { createdAt: "desc" },
    omit: { document: true },
  });
  return job === null ? null : viewOf(job, digest);
}

async function viewOf(job: Omit<ReplayJob, "document">, digest: string): Promise<ReplayView> {
  const { id, actor, since, until, total, done, finishedAt } = job;
  const result = replayResultSchema.parse(job.result);
  const samples = await sampleMessages([...result.changed, ...result.notReplayed].flatMap((group) => group.samples));
  return { id, actor, since, until, total, done, finishedAt, result, samples, isOutdated: job.digest !== digest };
}

async function sampleMessages(ids: readonly string[]): Promise<Record<string, SampleMessage>> {
  if (ids.length === 0) return {};
  const select = { id: true, sender: true, subject: true } as const;
  const found = await database().mailEvent.findMany({ where: { id: { in: [...ids] } }, select });
  return Object.fromEntries(found.map(({ id, ...message }) => [id, message]));
}

/** How many messages of a time can be judged again, and of how many nothing is kept. */
export async function countMessages(
  tx: Transaction,
  since: Date,
  until: Date,
): Promise<{ kept: number; unkept: number }> {
  const at = { gte: since, lt: until };
  const kept = await tx.messageFacts.count({ where: { at } });
  const all = await tx.mailEvent.count({ where: { kind: "message", at } });
  return { kept, unkept: Math.max(0, all - kept) };
}
