import type { Verdict } from "#core/contract/decision.ts";
import type { Protocol } from "#core/contract/facts.ts";
import type { Permission } from "#core/contract/permission.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import type { Simulated } from "#core/contract/simulation.ts";
import { faredOf } from "#core/policy/judge-test.ts";
import type { Actor } from "#lib/actor.ts";
import { demandPermission } from "#lib/auth/permissions.ts";
import { database } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { currentDraft } from "#lib/revisions/draft-memo.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";
import { askSimulation } from "./ask-worker.ts";
import { readKeptMessage } from "./kept-message.ts";
import type { TriedPolicy, Try } from "./simulator-input.ts";
import { type Judging, type TriedFacts, tryFacts } from "./try-facts.ts";
import { withTypedRule } from "./typed-rule.ts";

/** What became of one treatment of a message, or of a command that was denied. */
export type Fared = { verdict: Verdict; rule: string | null };

/** What would become of a message, and over which protocol. */
export type TriedSession = Simulated & {
  by: "session";
  protocol: Protocol;
  /** What is live makes of the same, where something else was tried; null: nothing else was, or it cannot be said. */
  live: { number: number; fared: Fared[] } | null;
};

export type Tried = TriedSession | TriedFacts;

/** Tries a message against a policy. Nothing is sent, kept or counted; a look into what is kept takes a permission, and is written down before. */
export async function tryMessage(
  { policy, input, message, others, ask }: Try,
  actor: Actor,
  permissions: readonly Permission[],
): Promise<Tried> {
  if (message.kind === "kept") demandPermission(permissions, "read-mail");
  const { document, revision, live } = await triedPolicy(policy);
  if (message.kind === "facts") return tryFacts(message.id, document, live);
  const base64 = message.kind === "kept" ? await readKeptMessage(message.id, actor) : null;
  const given = message.kind === "given" ? message.base64 : base64;
  const { simulated, beside } = await askSimulation({
    document,
    revision,
    ...(live !== null && { beside: live }),
    trials: [{ input, message: given, others, full: true }],
    ask,
  });
  const [fared, under] = [simulated[0], beside?.[0]];
  if (fared === undefined) throw new Error("no answer to the only trial");
  return {
    by: "session",
    ...fared,
    protocol: input.protocol ?? "smtp",
    live: live === null || under === undefined ? null : { number: live.revision, fared: faredOf(under) },
  };
}

/** `live`: what is live, where that is another policy. */
async function triedPolicy(policy: TriedPolicy): Promise<Judging & { live: Judging | null }> {
  const row = await liveRevision(database());
  const live = row === null ? null : { document: untested(parseRevision(row)), revision: row.number };
  if (policy === "live" || policy === live?.revision) {
    if (live === null) throw new PublicError("NOT_FOUND", "Not tried: nothing was published yet. Choose the draft.");
    return { ...live, live: null };
  }
  const document = untested(await documentOf(policy));
  const isSame = live !== null && JSON.stringify(live.document) === JSON.stringify(document);
  const revision = typeof policy === "number" ? policy : (live?.revision ?? 0);
  return { document, revision, live: isSame ? null : live };
}

async function documentOf(policy: Exclude<TriedPolicy, "live">): Promise<PolicyDocument> {
  if (typeof policy === "number") return revisionDocument(policy);
  const draft = await currentDraft(database());
  return policy === "draft" ? draft : withTypedRule(draft, policy);
}

async function revisionDocument(number: number): Promise<PolicyDocument> {
  const row = await database().revision.findUnique({ where: { number } });
  if (row === null)
    throw new PublicError("NOT_FOUND", `Not tried: there is no revision r${number}. Choose another one.`);
  return parseRevision(row);
}

/** No worker judges by the tests of a policy. */
function untested(document: PolicyDocument): PolicyDocument {
  return { ...document, tests: [] };
}
