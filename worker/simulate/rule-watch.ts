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

  /** All rules, ruleset by ruleset. */
  looks(): RuleLook[] {
    return Array.from(this.#every.rulesets, ([stage, { rules }]) =>
      rules.map((rule) => this.#told(stage, rule)),
    ).flat();
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
  }

  /** Of a rule that is asked about many lines or parts the first match stands, else its first failure. */
  #note(rule: CompiledRule, { matched, reached }: Pick<Look, "reached"> & { matched: boolean }, facts: Facts): void {
    const before = this.#looks.get(rule);
    const isNews = before === undefined || (matched && (before.matched !== true || (reached && !before.reached)));
    if (isNews)
      this.#looks.set(rule, {
        matched,
        reached: reached || (before?.reached ?? false),
        evidence: rule.evidence(facts),
      });
    else if (reached) before.reached = true;
  }
}
