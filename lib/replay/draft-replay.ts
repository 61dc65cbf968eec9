import { readJudgedFacts } from "#core/contract/judged-facts.ts";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { type CompiledPolicy, compilePolicy } from "#core/policy/compile.ts";
import { PolicyReplay, type Replayed } from "#core/policy/replay.ts";
import type { ReplayTrace } from "#core/policy/replay-trace.ts";
import type { FactsRow } from "./queries.ts";
import type { Judged } from "./result.ts";

/** Revisions that are at hand, compiled: messages of an hour were judged by few. */
const revisionsMax = 20;

type Revision = { policy: CompiledPolicy; ruleNames: ReadonlyMap<string, string> };

/** Tries one policy on messages that were judged by others. */
export class DraftReplay {
  readonly #replay: PolicyReplay;
  readonly #revisions = new Map<number, Revision | null>();
  readonly #read: (number: number) => Promise<PolicyDocument | null>;

  /** `read` gives the document of a revision; null: there is none that can be read. */
  constructor(policy: CompiledPolicy, read: (number: number) => Promise<PolicyDocument | null>) {
    this.#replay = new PolicyReplay(policy);
    this.#read = read;
  }

  /** How a message was decided, and how it would be; `trace` takes the rules that are asked. */
  async judge(row: FactsRow, trace: ReplayTrace | null = null): Promise<{ judged: Judged; replayed: Replayed }> {
    const known = this.#revisions.get(row.revision);
    const revision = known === undefined ? await this.#revision(row.revision) : known;
    const rule = row.ruleId === null ? null : (revision?.ruleNames.get(row.ruleId) ?? row.ruleId);
    return { judged: { id: row.eventId, verdict: row.verdict, rule }, replayed: this.#replayed(row, revision, trace) };
  }

  #replayed({ facts, at, policy, verdict }: FactsRow, revision: Revision | null, trace: ReplayTrace | null): Replayed {
    if (revision === null) return unsaid("the revision that judged it is not known here");
    const judged = readJudgedFacts(facts);
    if (judged === null) return unsaid("what is kept of it cannot be read");
    return this.#replay.replay({ judged, at: at.getTime(), policy, verdict }, revision.policy, trace);
  }

  async #revision(number: number): Promise<Revision | null> {
    const document = await this.#read(number);
    const compiled = document === null ? null : compilePolicy(document);
    const revision =
      document === null || compiled === null || !compiled.ok
        ? null
        : { policy: compiled.policy, ruleNames: ruleNamesOf(document) };
    const [oldest] = this.#revisions.keys();
    if (this.#revisions.size === revisionsMax && oldest !== undefined) this.#revisions.delete(oldest);
    this.#revisions.set(number, revision);
    return revision;
  }
}

function ruleNamesOf({ proxyActions }: PolicyDocument): ReadonlyMap<string, string> {
  const rules = proxyActions.flatMap(({ rulesets }) =>
    Object.values(rulesets).flatMap((ruleset) => ruleset?.rules ?? []),
  );
  return new Map(rules.map(({ id = "", name }) => [id, name]));
}

function unsaid(why: string): Replayed {
  return { kind: "not-replayable", why, rule: null };
}
