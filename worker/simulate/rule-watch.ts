import type { Evidence } from "#core/contract/decision.ts";
import type { Facts, Stage } from "#core/contract/facts.ts";
import type { RuleLook } from "#core/contract/simulation.ts";
import type { CompiledProxyAction, CompiledRule, CompiledRuleset } from "#core/policy/compile.ts";
import { goesOn } from "#core/policy/decide.ts";

type Look = { matched: boolean | null; reached: boolean; evidence: Evidence[] };

/** Looks at every rule of a proxy action whenever its ruleset is asked, also at those that are off or behind the one that decides. */
export class RuleWatch {
  readonly #every: CompiledProxyAction;
  readonly #now: () => number;
  readonly #looks = new Map<CompiledRule, Look>();
  /** Whether no rule of the ruleset decided, of any thing that it was asked about. */
  readonly #undecided = new Map<Stage, boolean>();

  /** `every`: the proxy action with the rules that are off as if they were on; `isOff` tells which. */
  constructor(every: CompiledProxyAction, isOff: (stage: Stage, ruleId: string) => boolean, now: () => number) {
    this.#every = every;
    this.#isOff = isOff;
    this.#now = now;
  }

  readonly #isOff: (stage: Stage, ruleId: string) => boolean;

  /** The proxy action that decides, watched. */
  watched(action: CompiledProxyAction): CompiledProxyAction {
    const rulesets = Array.from(action.rulesets, ([stage, ruleset]): [Stage, CompiledRuleset] => [
      stage,
      { ...ruleset, onAsked: (facts) => this.#asked(stage, facts) },
    ]);
    return { ...action, rulesets: new Map(rulesets) };
  }

  /** All rules, ruleset by ruleset, each with what holds when none matches. */
  looks(): RuleLook[] {
    return Array.from(this.#every.rulesets, ([stage, { rules, noneMatched }]) => [
      ...rules.map((rule) => this.#told(stage, rule)),
      { ...last, stage, action: noneMatched.action.kind, ...this.#last(stage) },
    ]).flat();
  }

  #last(stage: Stage): Pick<RuleLook, "matched" | "reached"> {
    const reached = this.#undecided.get(stage);
    return { matched: reached ?? null, reached: reached === true };
  }

  #told(stage: Stage, rule: CompiledRule): RuleLook {
    const { id, name, state, action, expiresAt } = rule;
    const { matched, reached, evidence } = this.#looks.get(rule) ?? { matched: null, reached: false, evidence: [] };
    const told = { stage, ruleId: id, ruleName: name, action: action.kind, evidence, matched, reached };
    return { ...told, state: this.#isOff(stage, id) ? "off" : state, expired: expiresAt <= this.#now() };
  }

  #asked(stage: Stage, facts: Facts): void {
    let decided = false;
    for (const rule of this.#every.rulesets.get(stage)?.rules ?? []) {
      const counts = !this.#isOff(stage, rule.id) && rule.expiresAt > this.#now();
      const matched = rule.holds(facts);
      this.#note(rule, { matched, reached: counts && !decided }, facts);
      if (matched && counts && rule.state === "on" && !goesOn(rule.action, stage)) decided = true;
    }
    this.#undecided.set(stage, !decided || this.#undecided.get(stage) === true);
  }

  /** Of a rule that is asked about many lines or parts the first look stands that tells most: that it was its turn, then that it matched. */
  #note(rule: CompiledRule, look: Pick<Look, "reached"> & { matched: boolean }, facts: Facts): void {
    const before = this.#looks.get(rule);
    if (before === undefined || rankOf(look) > rankOf(before))
      this.#looks.set(rule, { ...look, evidence: rule.evidence(facts) });
  }
}

function rankOf({ matched, reached }: Omit<Look, "evidence">): number {
  return (reached ? 2 : 0) + (matched === true ? 1 : 0);
}

const last = { ruleId: null, ruleName: "none matched", state: "on" as const, expired: false, evidence: [] };
