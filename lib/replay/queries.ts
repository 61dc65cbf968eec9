import { z } from "zod";
import { type Verdict, verdictSchema } from "#core/contract/decision.ts";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
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

const rowSchema = z.object({
  eventId: z.string(),
  at: z.date(),
  policy: z.string(),
  verdict: verdictSchema,
  ruleId: z.string().nullable(),
  revision: z.number(),
  facts: z.string(),
});

/** The next messages of a time, oldest first, after a place. */
export async function nextFacts(since: Date, until: Date, after: Place, countMax: number): Promise<FactsRow[]> {
  const found = await database().$queryRaw`
    SELECT "eventId", "at", "policy", "verdict", "ruleId", "revision", "facts" FROM "MessageFacts"
    WHERE "at" < ${until} AND ("at", "eventId") > (${after?.at ?? since}, ${after?.id ?? ""})
    ORDER BY "at", "eventId" LIMIT ${countMax}`;
  return z.array(rowSchema).parse(found);
}

/** Of one message; null: nothing is kept of it. */
export async function readFacts(eventId: string): Promise<FactsRow | null> {
  const row = await database().messageFacts.findUnique({ where: { eventId } });
  return row === null ? null : rowSchema.parse(row);
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
  /** How many of the changed messages are listed one by one: none once the policy was replayed again. */
  listed: number;
  /** All of them are. */
  isListedWhole: boolean;
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
  const [samples, listed] = await Promise.all([
    sampleMessages([...result.changed, ...result.notReplayed].flatMap((group) => group.samples)),
    database().replayChange.count({ where: { jobId: id } }),
  ]);
  const changes = result.changed.reduce((all, { messages }) => all + messages, result.otherwiseChanged);
  const counts = { total, done, listed, isListedWhole: listed === changes };
  return { id, actor, since, until, finishedAt, result, samples, ...counts, isOutdated: job.digest !== digest };
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

const changeSchema = z.object({
  kind: z.number(),
  id: z.string(),
  at: z.date(),
  sender: z.string().nullable(),
  recipients: z.array(z.string()),
  subject: z.string().nullable(),
});

/** The messages that are listed as changed, oldest first. */
export async function listedChanges(jobId: string): Promise<z.infer<typeof changeSchema>[]> {
  const found = await database().$queryRaw`
    SELECT change."kind", "id", "at", "sender", "recipients", "subject"
    FROM "ReplayChange" AS change JOIN "MailEvent" ON "id" = "eventId"
    WHERE "jobId" = ${jobId}::uuid ORDER BY "at", "id"`;
  return z.array(changeSchema).parse(found);
}

/** What a replay came to; null: there is no such one. */
export async function replayResult(jobId: string): Promise<ReplayResult | null> {
  const job = await database().replayJob.findUnique({ where: { id: jobId }, select: { result: true } });
  return job === null ? null : replayResultSchema.parse(job.result);
}

/**
 * The policy that a replay tried; null: there is no such replay. `revision` null: it was the draft. `document` null: it is not known any more;
 * it is kept until the next replay, and as the revision that it became.
 */
export async function triedBy(
  jobId: string,
): Promise<{ revision: number | null; document: PolicyDocument | null } | null> {
  const select = { revision: true, digest: true, document: true } as const;
  const job = await database().replayJob.findUnique({ where: { id: jobId }, select });
  if (job === null) return null;
  const { revision, digest } = job;
  if (job.document !== "") return { revision, document: policyDocumentSchema.parse(JSON.parse(job.document)) };
  const same = await database().revision.findFirst({ where: { digest }, select: { number: true } });
  return { revision, document: same === null ? null : await revisionDocument(same.number) };
}
