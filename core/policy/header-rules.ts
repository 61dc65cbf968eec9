import { type FactName, type Facts, facts as factTable } from "#core/contract/facts.ts";
import type { CompiledRuleset } from "./compile.ts";
import type { Unknown } from "./compile-condition.ts";

/** Messages name as many fields as they like. */
const namesMax = 5_000;
const allButTheName: Unknown = new Map(
  (Object.keys(factTable) as FactName[]).flatMap((name) => (name === "headerName" ? [] : [[name, null]])),
);

/** A header ruleset as it is for lines of one name: without the rules that fail by the name alone, which of many are most. */
export class HeaderRules {
  readonly #all: CompiledRuleset | undefined;
  readonly #byName = new Map<string, CompiledRuleset>();

  constructor(all: CompiledRuleset | undefined) {
    this.#all = all;
  }

  /** `line`: what is known of a line. */
  of({ headerName = [] }: Facts): CompiledRuleset | undefined {
    const [name, ...others] = headerName;
    if (this.#all === undefined || name === undefined || others.length > 0) return this.#all;
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const rules = this.#all.rules.filter((rule) => rule.tells({ headerName }, allButTheName) !== false);
    const found = { ...this.#all, rules };
    if (this.#byName.size < namesMax) this.#byName.set(name, found);
    return found;
  }
}
