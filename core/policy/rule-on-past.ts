import { stopsMessage, type Verdict } from "#core/contract/decision.ts";
import { type FactName, type Facts, facts as factTable, type Stage } from "#core/contract/facts.ts";
import type { JudgedFacts } from "#core/contract/judged-facts.ts";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";
import type { CompiledMailPolicy, CompiledPolicy, CompiledRule } from "./compile.ts";
import { comparePolicies, type PolicyPair } from "./policy-pair.ts";
import { policyNamed } from "./replay.ts";
import { ReplayedContent } from "./replayed-content.ts";

/** Whether a rule matches a message, or why that cannot be said. */
export type PastMatch = { kind: "matches" | "fails" } | { kind: "unsaid"; why: string };

/** A message as it was judged, by a policy of that name. */
export type PastMessage = { judged: JudgedFacts; policy: string; verdict: Verdict };

/** The document with one rule alone in the proxy action that it is for: what it asks about is then all that is asked there. */
export function documentOfRule(
  document: PolicyDocument,
  { expires: _, ...rule }: Rule,
  { proxyAction, ruleset }: { proxyAction: string; ruleset: Stage },
): PolicyDocument {
  const rulesets = { [ruleset]: { rules: [{ ...rule, state: "on" }] } };
  return policyDocumentSchema.parse({
    ...document,
    proxyActions: document.proxyActions.map((one) => (one.name === proxyAction ? { ...one, rulesets } : one)),
  });
}

const cutShort = "it ended before everything was seen that the rule asks about";
const unlooked = { header: "nobody looked at its header lines", attachment: "nobody looked at its parts" } as const;

/** Asks one rule about messages that were judged without it: whether it matches anything that comes to its ruleset. Pure. */
export class RuleOnPast {
  readonly #wanted: CompiledPolicy;
  readonly #stage: Stage;
  readonly #pairs = new Map<CompiledMailPolicy, PolicyPair>();

  /** `wanted`: of documentOfRule. */
  constructor(wanted: CompiledPolicy, stage: Stage) {
    this.#wanted = wanted;
    this.#stage = stage;
  }

  /** `under`: the revision that judged it. */
  match(message: PastMessage, under: CompiledPolicy): PastMatch {
    const [before, now] = [policyNamed(under, message.policy), policyNamed(this.#wanted, message.policy)];
    const rule = now?.action.rulesets.get(this.#stage)?.rules[0];
    if (before === null || now === null || rule === undefined) return unsaid("its policy was another one");
    const pair = this.#pairs.get(before) ?? comparePolicies(sideOf(before, under), sideOf(now, this.#wanted));
    this.#pairs.set(before, pair);
    const asked = this.#ask(rule, message.judged, pair);
    if (asked.matches) return { kind: "matches" };
    const why = asked.unknown ?? this.#unseen(message, asked.lastStage);
    return why === null ? { kind: "fails" } : unsaid(why);
  }

  #ask(rule: CompiledRule, { steps, looked }: JudgedFacts, pair: PolicyPair): Asked {
    const content = new ReplayedContent(pair, looked);
    const cut = new Set<FactName>();
    const asked: Asked = { matches: false, unknown: null, lastStage: null };
    let known: Facts = {};
    for (const step of steps) {
      const own = { ...known, ...step.facts };
      if (step.stage === null) {
        known = own;
        for (const name of namesOf(step.facts)) cut.delete(name);
        for (const name of step.cut ?? []) cut.add(name);
      }
      // Nothing is told of greetings but what is known first.
      const stage = step.stage ?? (asked.lastStage === null ? "greeting" : null);
      if (stage === null) continue;
      asked.lastStage = stage;
      const missing = new Map([...cut, ...(step.cut ?? [])].map((name) => [name, null]));
      const facts = content.told(stage, step, own, missing);
      if (stage !== this.#stage) continue;
      const holds = rule.tells(facts, missing);
      if (holds === null) asked.unknown = `it is not known: ${missingWords(rule.asks, missing)}`;
      asked.matches ||= holds === true;
    }
    return asked;
  }

  /** What was not seen of a message in which nothing matches; null: it was all there. */
  #unseen({ judged: { steps, omitted, looked }, verdict }: PastMessage, lastStage: Stage | null): string | null {
    const stage = this.#stage;
    if (omitted > 0) return "it has more header lines, parts or recipients than are kept";
    if (stage === "header" || stage === "attachment" || stage === "message") {
      if (looked === null) return cutShort;
      if (stage !== "message" && !looked[stage]) return unlooked[stage];
      if (steps.some(({ unread }) => unread !== undefined)) return "it could not be read in full";
      if (stage === "message") return lastStage === "message" ? null : cutShort;
      return stopsMessage(verdict) && lastStage !== "message" ? cutShort : null;
    }
    return steps.some((step) => step.stage === stage) || stage === "greeting" ? null : cutShort;
  }
}

type Asked = { matches: boolean; unknown: string | null; lastStage: Stage | null };

function sideOf(policy: CompiledMailPolicy, { document }: CompiledPolicy) {
  return { policy, document };
}

function namesOf(facts: Facts): FactName[] {
  return Object.keys(facts) as FactName[];
}

function missingWords(asks: ReadonlySet<FactName>, missing: ReadonlyMap<FactName, unknown>): string {
  return [...asks].flatMap((name) => (missing.has(name) ? [factTable[name].words] : [])).join(", ");
}

function unsaid(why: string): PastMatch {
  return { kind: "unsaid", why };
}
