import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { type Change, diffDocuments } from "#core/policy/diff.ts";
import type { Actor } from "#lib/actor.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import type { Transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { announce } from "#lib/live/mutations.ts";
import { readDraft } from "./draft-document.ts";
import { lockDraft, lockPolicy } from "./draft-lock.ts";
import { incomingDocument, readParts } from "./incoming-document.ts";
import { policyInvalid } from "./problem-text.ts";
import { replaceDraft } from "./replace-draft.ts";
import { emptyDocument, foreignRevision, liveRevision, parseRevision, type RevisionKind } from "./revision-row.ts";
import { beginRollout, endOpenRollout, openRollout, refuseSecondRollout } from "./rollout-mutations.ts";
import { documentDigest, type StoredRevision } from "./sign.ts";
import { beginTrial, endOpenTrial, isUnsettled, requireTrial, unsettledWords } from "./trial-mutations.ts";

const changesInAuditMax = 100;

/** Policy tests that failed, and why it is published all the same; none: everything passed. */
export type Tested = { failedTests: string[]; overrideReason: string | null };

export type PublishInput = {
  comment: string;
  draftDigest?: string;
  /** It goes back to the one before it after so long, unless somebody keeps it. */
  trialMinutes?: number | null;
  /** Only these workers get it, until somebody gives it to all. */
  firstWorkers?: readonly string[] | null;
  tested?: Tested;
};

/** What is published is what was reviewed. */
export function draftChanged(): PublicError {
  const words =
    "Not published: the draft changed while you were reviewing it. The page now shows it as it is; review it again.";
  return new PublicError("DRAFT_CHANGED", words);
}

/**
 * Makes the draft the next revision, numbered above what any worker enforces. Fails with UNCHANGED when it equals the live one and
 * every worker can take that, with DRAFT_CHANGED when somebody changed the draft
 * after `draftDigest` was shown to the publisher, and with POLICY_INVALID when a worker could not take it. The caller pushes it once the transaction is through.
 */
export async function publish(
  tx: Transaction,
  actor: Actor,
  { comment, draftDigest, trialMinutes = null, firstWorkers = null, tested = nothingFailed }: PublishInput,
): Promise<StoredRevision> {
  await lockPolicy(tx);
  const draft = await readDraft(tx);
  if (draftDigest !== undefined && documentDigest(JSON.stringify(draft)) !== draftDigest) {
    throw draftChanged();
  }
  const before = await liveRevision(tx);
  if (firstWorkers !== null) await refuseSecondRollout(tx);
  const order = { document: draft, comment, restoredFrom: null, kind: "publish", tested } as const;
  const published = await appendRevision(tx, actor, order);
  if (trialMinutes === null && firstWorkers === null) return published;
  if (before === null)
    throw new PublicError(
      "INPUT_INVALID",
      "Not published: the first revision has none before it to go back to. Publish it to all workers and without a trial.",
    );
  const { number } = published;
  const previous = before.number;
  if (firstWorkers !== null) await beginRollout(tx, actor, { number, previous, workers: firstWorkers });
  if (trialMinutes !== null) await beginTrial(tx, actor, { number, previous, minutes: trialMinutes });
  return published;
}

/**
 * Publishes what was live before a revision that is on trial or at its first workers again, as a new one for all workers. The draft stays as it
 * is: what was tried can be mended and published again. Fails with REVISION_SETTLED when the revision is neither.
 */
export async function revertRevision(
  tx: Transaction,
  actor: Actor,
  { number, reason }: { number: number; reason: string },
): Promise<StoredRevision> {
  await lockPolicy(tx);
  const rollout = await openRollout(tx);
  const { previous } = rollout?.number === number ? rollout : await requireTrial(tx, number);
  await endOpenTrial(tx, actor, { ending: "reverted", reason });
  await endOpenRollout(tx, actor, "reverted");
  const row = await tx.revision.findUniqueOrThrow({ where: { number: previous } });
  const comment = `r${number} taken back: ${reason}`;
  return appendRevision(tx, actor, { document: parseRevision(row), comment, restoredFrom: previous, kind: "revert" });
}

/**
 * Publishes the live policy with other entries of one list, as its feed gave them; the draft is not published. Fails with REVISION_UNSETTLED while a
 * revision is on trial or at its first workers: it would be everywhere, and for good.
 */
export async function publishList(
  tx: Transaction,
  actor: Actor,
  { document, comment }: { document: PolicyDocument; comment: string },
): Promise<StoredRevision> {
  if (await isUnsettled(tx)) throw new PublicError("REVISION_UNSETTLED", unsettledWords);
  return appendRevision(tx, actor, { document, comment, restoredFrom: null, kind: "feed" });
}

/**
 * Publishes the document of an older revision as a new one. A draft that held nothing unpublished follows it; one that did stays as it is: nobody's
 * changes go away with somebody else's roll-back.
 */
export async function rollBack(
  tx: Transaction,
  actor: Actor,
  { number, comment }: { number: number; comment: string },
): Promise<StoredRevision> {
  await lockPolicy(tx);
  const row = await tx.revision.findUnique({ where: { number } });
  if (row === null)
    throw new PublicError("NOT_FOUND", `Not rolled back: there is no revision r${number}. Choose one of the list.`);
  const document = parseRevision(row);
  const live = await liveRevision(tx);
  if (JSON.stringify(await readDraft(tx)) === live?.document) await replaceDraft(tx, document);
  return appendRevision(tx, actor, { document, comment, restoredFrom: number, kind: "roll-back" });
}

/** Makes the draft equal to the live revision again. Fails with DRAFT_CHANGED when it is not the draft of `draftDigest` any more. */
export async function discardDraft(
  tx: Transaction,
  actor: Actor,
  { draftDigest }: { draftDigest?: string } = {},
): Promise<void> {
  await lockDraft(tx);
  await refuseChangedDraft(tx, draftDigest, "Nothing was discarded: somebody changed the draft meanwhile. Look again.");
  const live = await liveRevision(tx);
  if (live === null)
    throw new PublicError(
      "NOT_FOUND",
      "Nothing was discarded: nothing was published yet that the draft could go back to. Delete what you do not want.",
    );
  const target = parseRevision(live);
  const changes = diffDocuments(target, await readDraft(tx));
  if (changes.length === 0) throw new PublicError("UNCHANGED", "Nothing was discarded: the draft has no changes.");
  await replaceDraft(tx, target);
  await appendAudit(tx, actor, {
    action: "draft.discard",
    object: "the draft",
    summary: `${countWords(changes.length)} discarded; the draft equals r${live.number}`,
    detail: { discarded: changes.slice(0, changesInAuditMax).map(({ words }) => words) },
  });
}

/** `only`: these parts of the draft, see parsePart of core/policy; none: all of it. */
export type ImportInput = { yaml: string; only?: readonly string[]; draftDigest?: string | undefined };

/**
 * Replaces the draft, or parts of it, by a YAML document. Fails with POLICY_INVALID and every problem with its place, and with DRAFT_CHANGED when the
 * draft is not that of `draftDigest` any more.
 */
export async function importDocument(tx: Transaction, actor: Actor, input: ImportInput): Promise<{ changes: number }> {
  await lockDraft(tx);
  return { changes: (await takeDocument(tx, actor, input)).length };
}

async function takeDocument(
  tx: Transaction,
  actor: Actor,
  { yaml, only = [], draftDigest }: ImportInput,
): Promise<Change[]> {
  const changed =
    "Nothing was imported: somebody changed the draft after you read it, and the import would undo that. Keep your text, read the draft again and compare.";
  await refuseChangedDraft(tx, draftDigest, changed);
  const before = await readDraft(tx);
  await replaceDraft(tx, incomingDocument(yaml, readParts(only), before));
  const changes = diffDocuments(before, await readDraft(tx));
  await appendAudit(tx, actor, {
    action: "policy.import",
    object: "the draft",
    summary: `A policy document replaced ${only.length === 0 ? "the draft" : `${only.join(", ")} of the draft`}: ${countWords(changes.length)}`,
    detail: { only, changes: changes.slice(0, changesInAuditMax).map(({ words }) => words) },
  });
  return changes;
}

type ApplyInput = ImportInput & { draftDigest: string; publish: Omit<PublishInput, "draftDigest"> | null };

/**
 * Replaces the draft by a YAML document, also while it is kept in a repository, and publishes it where that is asked for: both or neither. Fails as
 * importDocument and publish do, but for a draft that equals what is live: then there is nothing to publish.
 */
export async function applyDocument(
  tx: Transaction,
  actor: Actor,
  { publish: order, ...input }: ApplyInput,
): Promise<{ changes: Change[]; published: number | null }> {
  await lockPolicy(tx);
  const changes = await takeDocument(tx, actor, input);
  await announce(tx, ["draft"]);
  if (order === null) return { changes, published: null };
  try {
    return { changes, published: (await publish(tx, actor, order)).number };
  } catch (error) {
    if (error instanceof PublicError && error.code === "UNCHANGED") return { changes, published: null };
    throw error;
  }
}

/** Fails with DRAFT_CHANGED and the words when the draft is not that of the digest any more. */
export async function refuseChangedDraft(tx: Transaction, digest: string | undefined, words: string): Promise<void> {
  if (digest === undefined || documentDigest(JSON.stringify(await readDraft(tx))) === digest) return;
  throw new PublicError("DRAFT_CHANGED", words);
}

type NewRevision = {
  document: PolicyDocument;
  comment: string;
  restoredFrom: number | null;
  kind: RevisionKind;
  tested?: Tested;
};

const nothingFailed: Tested = { failedTests: [], overrideReason: null };

async function appendRevision(
  tx: Transaction,
  actor: Actor,
  { document, comment, restoredFrom, kind, tested = nothingFailed }: NewRevision,
): Promise<StoredRevision> {
  const compiled = compilePolicy(document);
  if (!compiled.ok)
    throw policyInvalid(
      "Not published: no worker could enforce this policy. Mend what follows.",
      compiled.problems,
      document,
    );
  const live = await liveRevision(tx);
  const text = JSON.stringify(document);
  const digest = documentDigest(text);
  const foreign = await foreignRevision(tx, live);
  if (live?.digest === digest && foreign === null)
    throw new PublicError("UNCHANGED", `Nothing to publish: this is exactly r${live.number}, which is live.`);
  const changes = diffDocuments(live === null ? emptyDocument : parseRevision(live), document);
  const number = Math.max(live?.number ?? 0, foreign ?? 0) + 1;
  const author = { authorName: actor.name, byMachine: actor.machine === true };
  await tx.revision.create({
    data: { number, document: text, digest, comment, ...author, kind, restoredFrom, ...tested },
  });
  await endOpenTrial(tx, actor, { ending: "superseded" });
  await endOpenRollout(tx, actor, "superseded");
  await appendAudit(tx, actor, {
    action: `revision.${kind}`,
    object: `revision r${number}`,
    summary: `${restoredFrom === null ? "Published" : `r${restoredFrom} published again`}: ${countWords(changes.length)}${comment === "" ? "" : `. ${comment}`}`,
    detail: {
      number,
      digest,
      comment,
      restoredFrom,
      ...(tested.overrideReason === null ? {} : tested),
      changes: changes.slice(0, changesInAuditMax).map(({ words }) => words),
    },
  });
  await announce(tx, ["draft", "workers", "overview"]);
  return { number, document: text, digest };
}

function countWords(changes: number): string {
  return changes === 1 ? "1 change" : `${changes} changes`;
}

export type PushResult = { workerId: string; applied: boolean; error: string | null };

/** Notes what a worker said to the push of a revision; the newest answer stands. */
export async function acknowledge(
  tx: Transaction,
  revisionNumber: number,
  { workerId, applied, error }: PushResult,
): Promise<void> {
  // The worker's row first, as its reports do, which note the same: the other way round the two would wait for each other.
  await tx.$executeRaw`SELECT 1 FROM "Worker" WHERE "id" = ${workerId} FOR KEY SHARE`;
  const answer = { at: new Date(), applied, error };
  await tx.acknowledgement.upsert({
    where: { revisionNumber_workerId: { revisionNumber, workerId } },
    create: { revisionNumber, workerId, ...answer },
    update: answer,
  });
  await announce(tx, ["draft", "workers", "overview"]);
}
