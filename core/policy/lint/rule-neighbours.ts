import type { Condition } from "#core/contract/condition.ts";
import type { FactName } from "#core/contract/facts.ts";
import { foldAscii } from "#core/match/ascii-fold.ts";
import { factsOf } from "../content-needs.ts";
import type { AskedRule } from "./asked-rule.ts";
import { networksOf } from "./test-implication.ts";

/** A fact of which a rule needs one of a few values, as keys. */
type Needed = { fact: FactName; keys: readonly string[]; isAskedOnce: boolean };

/** A value that more rules need tells none of them apart. */
const rulesOfValueMax = 50;
/** Longer rows are not looked through: such rules are compared. */
const valuesMax = 100;
/** Of IPv4 the first 16, of 128: networks that are no wider meet only where these are the same. */
const networkBits = 112;

/** The rules of one ruleset by the values that they need: most pairs need different ones, and are told apart without being compared. */
export class Neighbours {
  readonly #rules: readonly (AskedRule | null)[];
  readonly #needed: readonly (readonly Needed[])[];
  readonly #byKey = new Map<string, Needed[]>();

  /** In their places; null: nobody asks it. */
  constructor(rules: readonly (AskedRule | null)[]) {
    this.#rules = rules;
    const all = rules.map((asked) => neededValues(asked?.rule.when ?? {}));
    for (const needed of all.flat()) for (const key of needed.keys) this.#at(key).push(needed);
    const tellsApart = ({ keys }: Needed): boolean => keys.every((key) => this.#at(key).length <= rulesOfValueMax);
    this.#needed = all.map((needed) => needed.filter(tellsApart));
  }

  #at(key: string): Needed[] {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const made: Needed[] = [];
    this.#byKey.set(key, made);
    return made;
  }

  /** Those in the places `from` up to `to` that may cover this one or have an example in common with it: none is left out. */
  of(asked: AskedRule, from: number, to: number): AskedRule[] {
    // What stands in a group too might be compared there.
    const mine = (this.#needed[asked.n] ?? []).filter(({ isAskedOnce }) => isAskedOnce);
    const facts = new Set(mine.map(({ fact }) => fact));
    const shared = new Set(mine.flatMap(({ keys }) => keys.flatMap((key) => this.#at(key))));
    return this.#rules.slice(from, to).filter((other): other is AskedRule => {
      if (other === null || !other.needs.every((name) => asked.asks.has(name))) return false;
      return (this.#needed[other.n] ?? []).every((needed) => !facts.has(needed.fact) || shared.has(needed));
    });
  }
}

function neededValues({ all = [], any = [], none = [], ...tests }: Condition): Needed[] {
  const inGroups = new Set([...all, ...any, ...none].flatMap((child) => [...factsOf(child)]));
  return Object.entries(tests).flatMap(([name, test]) => {
    const fact = name as FactName;
    const values = test === undefined ? null : valuesOf(fact, test);
    if (values === null) return [];
    return [{ fact, keys: values.map((value) => `${fact} ${value}`), isAskedOnce: !inGroups.has(fact) }];
  });
}

/** As they are compared; null: they are not spelled out. */
function valuesOf(
  fact: FactName,
  test: { is?: string | number | undefined; in?: string[] | undefined },
): string[] | null {
  if (test.is !== undefined) return [foldAscii(String(test.is))];
  if (test.in === undefined || test.in.length > valuesMax) return null;
  if (fact !== "clientAddress") return test.in.map(foldAscii);
  const networks = networksOf(test.in);
  if (networks.some(({ length }) => length < networkBits)) return null;
  return networks.map(({ prefix, length }) => String(prefix >> BigInt(length - networkBits)));
}
