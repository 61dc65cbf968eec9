import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import type { Actor } from "#lib/actor.ts";
import { database, type Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { deleteInParts } from "#lib/jobs/delete-in-parts.ts";
import { announce } from "#lib/live/mutations.ts";
import { readDraft } from "#lib/revisions/draft-document.ts";
import { documentDigest } from "#lib/revisions/sign.ts";
import { countMessages, type Place, revisionDocument } from "./queries.ts";
import type { ReplayInput } from "./replay-input.ts";
import { changesListedMax, type ListedChange, nothingReplayed, type ReplayResult, type ReplayTally } from "./result.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Replays that are over are told of as long. */
const jobsKeptMs = 90 * dayMs;

/** Starts to try the draft, as it is at this moment, or a revision on the messages of the last hours. One at a time: what runs is ended. Gives the job's id. */
export async function startReplay(
  tx: Transaction,
  { hours, revision }: ReplayInput,
  actor: Actor,
  now: Date,
): Promise<string> {
  const policy = await policyToTry(tx, revision);
  const since = new Date(now.getTime() - hours * hourMs);
  const { kept, unkept } = await countMessages(tx, since, now);
  if (kept + unkept === 0)
    throw new PublicError(
      "NOTHING_FOUND",
      "Nothing to replay: no message was judged in this time. Choose a longer one.",
    );
  await tx.replayJob.deleteMany({ where: { createdAt: { lt: new Date(now.getTime() - jobsKeptMs) } } });
  await tx.replayJob.updateMany({ where: { finishedAt: null }, data: { finishedAt: now } });
  // Of each policy the last replay alone tells of its messages one by one.
  await tx.replayChange.deleteMany({ where: { job: { revision } } });
  await tx.replayJob.updateMany({ where: { revision }, data: { document: "" } });
  const document = JSON.stringify(policy);
  const notReplayed =
    unkept === 0
      ? []
      : [{ why: "nothing is kept of what it was judged by", rule: null, messages: unkept, samples: [] }];
  const result: ReplayResult = { ...nothingReplayed, notReplayed };
  const tried = { revision, digest: documentDigest(document), document };
  const data = { actor: actor.name, createdAt: now, ...tried, since, until: now };
  const { id } = await tx.replayJob.create({ data: { ...data, total: kept, result } });
  return id;
}

async function policyToTry(tx: Transaction, revision: number | null): Promise<PolicyDocument> {
  if (revision === null) {
    const draft = await readDraft(tx);
    if (compilePolicy(draft).ok) return draft;
    throw new PublicError(
      "POLICY_INVALID",
      "Not replayed: the draft cannot be enforced as it is. Review & publish says why; mend that first.",
    );
  }
  const document = await revisionDocument(revision, tx);
  if (document !== null && compilePolicy(document).ok) return document;
  throw new PublicError(
    "NOT_FOUND",
    `Not replayed: there is no revision r${revision}, or this version of Postern cannot read it. Choose another one.`,
  );
}

/** Ends a replay; what it came to so far stays. */
export async function endReplay(tx: Transaction, { jobId }: { jobId: string }): Promise<void> {
  const { count } = await tx.replayJob.updateMany({
    where: { id: jobId, finishedAt: null },
    data: { finishedAt: new Date() },
  });
  if (count === 0)
    throw new PublicError("NOT_FOUND", "Nothing was ended: this replay is over. The page shows what it found.");
}

type ReplayPart = { done: number; after: Place; tally: Pick<ReplayTally, "result" | "listed">; isOver: boolean };

/** Writes down how far a replay is. Nothing when it was ended, or another console did the same part. */
export async function settleReplay(
  tx: Transaction,
  job: { id: string; done: number },
  { done, after, tally, isOver }: ReplayPart,
): Promise<void> {
  const { count } = await tx.replayJob.updateMany({
    where: { id: job.id, done: job.done, finishedAt: null },
    data: {
      done,
      afterAt: after?.at ?? null,
      afterId: after?.id ?? null,
      result: tally.result,
      // What came or was deleted meanwhile is not waited for.
      ...(isOver && { finishedAt: new Date(), total: done }),
    },
  });
  if (count > 0) await listChanges(tx, job.id, tally.listed);
  await announce(tx, ["replay"]);
}

async function listChanges(tx: Transaction, jobId: string, listed: readonly ListedChange[]): Promise<void> {
  if (listed.length === 0) return;
  const room = changesListedMax - (await tx.replayChange.count({ where: { jobId } }));
  await tx.replayChange.createMany({
    data: listed.slice(0, Math.max(0, room)).map((change) => ({ jobId, ...change })),
  });
}

/** Deletes the facts of messages that are older than `days`; gives how many. */
export async function pruneMessageFacts(now: Date, days: number): Promise<number> {
  const before = new Date(now.getTime() - days * dayMs);
  return await deleteInParts(
    (count) => database().$executeRaw`
      DELETE FROM "MessageFacts" WHERE "eventId" IN (
        SELECT "eventId" FROM "MessageFacts" WHERE "at" < ${before} ORDER BY "at" LIMIT ${count}
        FOR UPDATE SKIP LOCKED)`,
  );
}
