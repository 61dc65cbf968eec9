import type { Verdict } from "#core/contract/decision.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import type { Replayed } from "#core/policy/replay.ts";
import { ReplayTrace } from "#core/policy/replay-trace.ts";
import type { ToldStep } from "#core/policy/tell.ts";
import { PublicError } from "#lib/errors.ts";
import { DraftReplay } from "#lib/replay/draft-replay.ts";
import { type FactsRow, readFacts, revisionDocument } from "#lib/replay/queries.ts";
import { policyInvalid } from "#lib/revisions/problem-text.ts";

/** What is decided of a past message by the facts that it was judged by; of its content nothing is there. */
export type TriedFacts = {
  by: "facts";
  /** When it came, which is when it is tried. */
  at: string;
  /** How it was decided then. */
  was: Verdict;
  replayed: Replayed;
  steps: ToldStep[];
  omitted: number;
  /** Under what is live, where something else was tried. */
  live: { number: number; replayed: Replayed } | null;
};

export type Judging = { document: PolicyDocument; revision: number };

/** Tries a past message by its facts alone. Fails with NOT_FOUND when none are kept, and with POLICY_INVALID for a policy that no worker could take. */
export async function tryFacts(id: string, policy: PolicyDocument, live: Judging | null): Promise<TriedFacts> {
  const row = await readFacts(id);
  if (row === null)
    throw new PublicError(
      "NOT_FOUND",
      "Not tried: what this message was judged by is not kept any more. Add its .eml file, or try its envelope alone.",
    );
  const trace = new ReplayTrace();
  const replayed = await replay(row, policy, trace);
  const now = live === null ? null : { number: live.revision, replayed: await replay(row, live.document) };
  const { steps, omitted } = trace.told;
  return { by: "facts", at: row.at.toISOString(), was: row.verdict, replayed, steps: [...steps], omitted, live: now };
}

async function replay(row: FactsRow, document: PolicyDocument, trace: ReplayTrace | null = null): Promise<Replayed> {
  const compiled = compilePolicy(document);
  if (!compiled.ok) throw policyInvalid("Not tried: no worker could enforce this policy.", compiled.problems, document);
  const { replayed } = await new DraftReplay(compiled.policy, revisionDocument).judge(row, trace);
  return replayed;
}
