import { type FactName, type Facts, facts } from "#core/contract/facts.ts";
import type { List } from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";
import { type CompiledLists, compileCondition, type Quantifier, quantifierOf } from "../compile-condition.ts";
import { factsOf } from "../content-needs.ts";
import { conditionSamples } from "./condition-samples.ts";
import type { Effort } from "./effort.ts";
import { matchesEverything } from "./matches-everything.ts";
import { neutralFact } from "./possible-facts.ts";

/** A rule as pairs of rules are compared: what every pair needs of it, made once. */
export type AskedRule = {
  rule: Rule;
  /** Its place in its ruleset. */
  n: number;
  /** Its action, as text that is compared. */
  does: string;
  quantifier: Quantifier;
  matchesAll: boolean;
  /** Every fact that it asks for. */
  asks: ReadonlySet<FactName>;
  /** Those that it asks for whatever else holds. */
  needs: readonly FactName[];
  /** Messages that it matches, a few: each tells every fact that it asks for, with one reading. None where it asks by expressions only. */
  samples: readonly Facts[];
  /** Whether it matches; false once no more may be asked. */
  holds(given: Facts): boolean;
};

/** Makes the rules of one document ready to be compared. */
export class RuleAsker {
  readonly #lists: CompiledLists;
  readonly #entries: ReadonlyMap<string, List>;
  readonly #effort: Effort;

  constructor(lists: CompiledLists, entries: readonly List[], effort: Effort) {
    this.#lists = lists;
    this.#entries = new Map(entries.map((list) => [list.name, list]));
    this.#effort = effort;
  }

  ask(rule: Rule, n: number): AskedRule {
    const { when, action } = rule;
    const quantifier = quantifierOf(action);
    const placed = { rule, n, quantifier, does: JSON.stringify(action) };
    if (when === undefined)
      return { ...placed, matchesAll: true, asks: new Set(), needs: [], samples: [], holds: () => true };
    const { holds } = compileCondition(when, this.#lists, quantifier);
    const asks = factsOf(when);
    const others = Object.assign({}, ...[...asks].map(neutralFact)) as Facts;
    const samples = conditionSamples(when, this.#entries).map((sample) => ({ ...others, ...sample }));
    return {
      ...placed,
      matchesAll: matchesEverything(when),
      asks,
      needs: Object.keys(when).filter((key): key is FactName => key in facts),
      samples: samples.filter(holds),
      holds: this.#onceEach(holds, this.#effort.ofCondition(when)),
    };
  }

  /** Asked about the same message again, it need not look again. */
  #onceEach(holds: (given: Facts) => boolean, steps: number): (given: Facts) => boolean {
    let last: Facts | null = null;
    let held = false;
    return (given) => {
      if (given === last) return held;
      last = given;
      held = this.#effort.spend(steps) && holds(given);
      return held;
    };
  }
}
