import { z } from "zod";
import type { PolicyChoice } from "#core/contract/policy-api.ts";
import type { PolicyDocument, Problem } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { type Change, diffDocuments } from "#core/policy/diff.ts";
import { type NamedParts, partsOf } from "#core/policy/document-part.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";
import { type DiffHunk, lineDiff } from "#core/text/line-diff.ts";
import { database, snapshot } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { readDraft } from "./draft-document.ts";
import { documentParts, incomingDocument, readParts } from "./incoming-document.ts";

import { problemText } from "./problem-text.ts";
import {
  emptyDocument,
  foreignRevision,
  liveRevision,
  parseRevision,
  type RevisionKind,
  revisionKindSchema,
} from "./revision-row.ts";
import { openRollout } from "./rollout-mutations.ts";
import { withKnownRuleIds } from "./rule-identity.ts";
import { documentDigest } from "./sign.ts";
import { openTrial } from "./trial-mutations.ts";

const revisionsShownMax = 20;

export type TrialView = { number: number; previous: number; startedBy: string; endsAt: string };

/** The revision that goes back by itself unless somebody keeps it; null: none does. */
export async function runningTrial(): Promise<TrialView | null> {
  const trial = await openTrial(database());
  if (trial === null) return null;
  const { number, previous, startedBy, endsAt } = trial;
  return { number, previous, startedBy, endsAt: endsAt.toISOString() };
}

export type RolloutView = {
  number: number;
  previous: number;
  startedBy: string;
  /** The names of the workers that have it, and how many have not. */
  first: string[];
  others: number;
};

/** The revision that only some workers have until somebody gives it to all; null: none is. */
export async function runningRollout(): Promise<RolloutView | null> {
  const rollout = await openRollout(database());
  if (rollout === null) return null;
  const { number, previous, startedBy, firstWorkers } = rollout;
  const workers = await database().worker.findMany({ orderBy: { name: "asc" }, select: { id: true, name: true } });
  const first = workers.filter(({ id }) => firstWorkers.includes(id)).map(({ name }) => name);
  return { number, previous, startedBy, first, others: workers.length - first.length };
}

export type PolicySourceView = { repository: string; path: string; setBy: string; setAt: string };

/** Where the policy is kept, when that is not this console. */
export async function policySource(): Promise<PolicySourceView | null> {
  const row = await database().policySource.findFirst();
  return row === null ? null : { ...row, setAt: row.setAt.toISOString() };
}

export type DraftReview = {
  liveRevision: number | null;
  /** A worker enforces this one, which the database does not know: only a publish reaches it. */
  foreignRevision: number | null;
  /** The number that publishing gives. */
  next: number;
  changes: Change[];
  yaml: DiffHunk[];
  /** Why it cannot be published, as text; null when it can. */
  problems: string | null;
  /** Given back when publishing, so that only what was reviewed is published. */
  digest: string;
};

/** Everything that publishing would change, in words and as YAML. */
export async function draftReview(): Promise<DraftReview> {
  const { draft, live, foreign } = await readBoth();
  const compiled = compilePolicy(draft);
  return {
    liveRevision: live.number,
    foreignRevision: foreign,
    next: Math.max(live.number ?? 0, foreign ?? 0) + 1,
    changes: diffDocuments(live.document, draft),
    yaml: lineDiff(writePolicyDocument(live.document), writePolicyDocument(draft)),
    problems: compiled.ok ? null : problemText(compiled.problems satisfies Problem[], draft),
    digest: documentDigest(JSON.stringify(draft)),
  };
}

/** The draft, what is live or a revision, as the YAML document that the import takes, with the digest of the whole; `only`: these parts of it. Fails with NOT_FOUND. */
export async function policyAsYaml(
  choice: PolicyChoice,
  only: readonly string[] = [],
): Promise<{ yaml: string; digest: string }> {
  const parts = readParts(only);
  const { document, digest } = await requireDocument(choice);
  return { yaml: writePolicyDocument(parts.length === 0 ? document : documentParts(document, parts)), digest };
}

/** The parts that the draft has. */
export async function draftParts(): Promise<NamedParts[]> {
  return partsOf((await requireDocument("draft")).document);
}

/** What the draft would be with a YAML document, or with `only` these parts of it. Fails with POLICY_INVALID. */
export async function draftWith(yaml: string, only: readonly string[]): Promise<PolicyDocument> {
  return incomingDocument(yaml, readParts(only), (await requireDocument("draft")).document);
}

/** What a YAML document would change in one of them, rules known by id or by name and place. Fails with NOT_FOUND, and with POLICY_INVALID for one that is not a policy. */
export async function compareYaml(choice: PolicyChoice, yaml: string, only: readonly string[]): Promise<Change[]> {
  const { document } = await requireDocument(choice);
  return diffDocuments(document, withKnownRuleIds(incomingDocument(yaml, readParts(only), document), document));
}

async function requireDocument(choice: PolicyChoice): Promise<{ document: PolicyDocument; digest: string }> {
  if (choice === "draft") {
    const draft = await snapshot(readDraft);
    return { document: draft, digest: documentDigest(JSON.stringify(draft)) };
  }
  const row = choice === "live" ? await liveRevision(database()) : await revisionRow(choice);
  if (row !== null) return { document: parseRevision(row), digest: row.digest };
  throw new PublicError(
    "NOT_FOUND",
    choice === "live"
      ? "Nothing was published yet. Ask for the draft."
      : `There is no revision r${choice}. Ask for another one.`,
  );
}

function revisionRow(number: number) {
  return database().revision.findUnique({ where: { number } });
}

export type AcknowledgementView = {
  workerId: string;
  workerName: string;
  at: string;
  applied: boolean;
  error: string | null;
};
export type RevisionView = {
  number: number;
  authorName: string;
  comment: string;
  publishedAt: string;
  restoredFrom: number | null;
  kind: RevisionKind;
  byMachine: boolean;
  digest: string;
  isLive: boolean;
  /** Against the revision before it. */
  changes: Change[];
  acknowledgements: AcknowledgementView[];
  /** The policy tests that failed, and why it was published all the same; null: none did. */
  failedTests: string[];
  overrideReason: string | null;
};

/** The number of a revision, as addresses have it. */
export const revisionNumberSchema = z.coerce.number().int().positive().max(2_147_483_647);

/** Which of the history: all but fed lists, which may come every hour; those of persons, or of programs; or all. */
export const revisionFilterSchema = z.enum(["policy", "people", "programs", "all"]);
export type RevisionFilter = z.infer<typeof revisionFilterSchema>;

const filtered = {
  policy: { NOT: { kind: "feed" } },
  people: { byMachine: false },
  programs: { byMachine: true },
  all: {},
} as const;

/** A page of the history, newest first. `below` is the number that the page before ended with. */
export async function listRevisions(
  below: number | null,
  filter: RevisionFilter = "all",
): Promise<{ revisions: RevisionView[]; next: number | null }> {
  const rows = await database().revision.findMany({
    where: { ...filtered[filter], ...(below === null ? {} : { number: { lt: below } }) },
    orderBy: { number: "desc" },
    take: revisionsShownMax + 1,
    include: withAcknowledgements,
  });
  const live = await liveRevision(database());
  const shown = rows.slice(0, revisionsShownMax);
  const before = await Promise.all(shown.map(({ number }) => revisionBefore(number)));
  const revisions = shown.map((row, index) => revisionView(row, before[index] ?? null, live?.number ?? null));
  return { revisions, next: rows.length > revisionsShownMax ? (shown.at(-1)?.number ?? null) : null };
}

/** Numbers may have gaps: see foreignRevision. */
function revisionBefore(number: number) {
  return database().revision.findFirst({ where: { number: { lt: number } }, orderBy: { number: "desc" } });
}

/** One revision with its document as YAML and what rolling back to it would change; null when there is none. */
export async function readRevision(number: number) {
  const row = await database().revision.findUnique({ where: { number }, include: withAcknowledgements });
  if (row === null) return null;
  const before = await revisionBefore(number);
  const live = await liveRevision(database());
  const foreign = await foreignRevision(database(), live);
  const document = parseRevision(row);
  return {
    ...revisionView(row, before, live?.number ?? null),
    /** The number that rolling back to it would give. */
    next: Math.max(live?.number ?? 0, foreign ?? 0) + 1,
    yaml: writePolicyDocument(document),
    liveNumber: live?.number ?? null,
    rollBackChanges: live === null ? [] : diffDocuments(parseRevision(live), document),
  };
}

/** What going from one revision to another changes; null where one of them is not there. */
export async function compareRevisions(
  from: number,
  to: number,
): Promise<{ changes: Change[]; yaml: DiffHunk[] } | null> {
  const rows = await database().revision.findMany({ where: { number: { in: [from, to] } } });
  const [before, after] = [from, to].map((number) => rows.find((row) => row.number === number));
  if (before === undefined || after === undefined) return null;
  const [one, other] = [parseRevision(before), parseRevision(after)];
  return {
    changes: diffDocuments(one, other),
    yaml: lineDiff(writePolicyDocument(one), writePolicyDocument(other)),
  };
}

export type PublishedState = {
  number: number;
  publishedAt: string;
  authorName: string;
  /** `answer` is null for a worker that has not answered yet; `waits`: the roll-out begins with others. */
  workers: { id: string; name: string; answer: AcknowledgementView | null; waits: boolean }[];
};

/** What the workers said to the live revision; null before the first publish. */
export async function publishedState(): Promise<PublishedState | null> {
  const live = await database().revision.findFirst({ orderBy: { number: "desc" }, include: withAcknowledgements });
  const first = (await openRollout(database()))?.firstWorkers;
  const workers = await database().worker.findMany({ orderBy: { name: "asc" }, select: { id: true, name: true } });
  if (live === null) return null;
  const answers = new Map(live.acknowledgements.map((row) => [row.workerId, acknowledgementView(row)]));
  return {
    number: live.number,
    publishedAt: live.publishedAt.toISOString(),
    authorName: live.authorName,
    workers: workers.map(({ id, name }) => ({
      id,
      name,
      answer: answers.get(id) ?? null,
      waits: first !== undefined && !first.includes(id),
    })),
  };
}

const withAcknowledgements = {
  acknowledgements: { include: { worker: { select: { name: true } } }, orderBy: { workerId: "asc" } },
} as const;

type AcknowledgementRow = {
  workerId: string;
  worker: { name: string };
  at: Date;
  applied: boolean;
  error: string | null;
};
type RevisionRow = {
  number: number;
  document: string;
  digest: string;
  comment: string;
  authorName: string;
  publishedAt: Date;
  restoredFrom: number | null;
  kind: string;
  byMachine: boolean;
  failedTests: string[];
  overrideReason: string | null;
  acknowledgements: AcknowledgementRow[];
};

function revisionView(row: RevisionRow, before: { document: string } | null, liveNumber: number | null): RevisionView {
  const { number, authorName, comment, publishedAt, restoredFrom, byMachine, failedTests, overrideReason, digest } =
    row;
  return {
    number,
    authorName,
    comment,
    publishedAt: publishedAt.toISOString(),
    restoredFrom,
    kind: revisionKindSchema.parse(row.kind),
    byMachine,
    failedTests,
    overrideReason,
    digest,
    isLive: number === liveNumber,
    changes: diffDocuments(before === null ? emptyDocument : parseRevision(before), parseRevision(row)),
    acknowledgements: row.acknowledgements.map(acknowledgementView),
  };
}

function acknowledgementView({ workerId, worker, at, applied, error }: AcknowledgementRow): AcknowledgementView {
  return { workerId, workerName: worker.name, at: at.toISOString(), applied, error };
}

async function readBoth() {
  return database().$transaction(
    async (tx) => {
      const live = await liveRevision(tx);
      const foreign = await foreignRevision(tx, live);
      const document = live === null ? emptyDocument : parseRevision(live);
      return {
        draft: await readDraft(tx),
        live: { number: live?.number ?? null, text: live?.document, document },
        foreign,
      };
    },
    { isolationLevel: "RepeatableRead" },
  );
}
