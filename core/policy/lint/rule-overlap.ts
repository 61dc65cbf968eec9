import type { Condition } from "#core/contract/condition.ts";
import { type FactName, type Facts, facts } from "#core/contract/facts.ts";
import type { List } from "#core/contract/policy-document.ts";
import type { Rule } from "#core/contract/rule.ts";
import { type CompiledLists, compileCondition, quantifierOf } from "../compile-condition.ts";
import { conditionSamples } from "./condition-samples.ts";
import { arePossible, neutralFact } from "./possible-facts.ts";

/** Questions to conditions that one look at a document may cost. */
const questionsMax = 1_000_000;
const valueShownMax = 60;

/** `asks`: how many facts it mentions. Its samples tell all of them. */
type Asked = {
  holds(facts: Facts): boolean;
  samples: readonly Facts[];
  asks: number;
  wildcards: ReadonlyMap<FactName, Wildcard>;
};
/** What stands before the first star and behind the last one. */
type Wildcard = { head: string; tail: string };

/** What two rules both match: shown by an example of which both conditions hold when asked, so never claimed where it is not so. */
export class Overlaps {
  readonly #lists: CompiledLists;
  readonly #entries: ReadonlyMap<string, List>;
  readonly #asked = new WeakMap<Rule, Asked>();
  #questionsLeft = questionsMax;

  constructor(lists: CompiledLists, entries: readonly List[]) {
    this.#lists = lists;
    this.#entries = new Map(entries.map((list) => [list.name, list]));
  }

  /** Whether something was left unasked. */
  get hasRunOut(): boolean {
    return this.#questionsLeft < 0;
  }

  /** Facts of a message that both rules match, or null: none was found. The first asks for nothing that the second does not ask for. */
  example(first: Rule, second: Rule): Facts | null {
    if (this.hasRunOut) return null;
    const [one, other] = [this.#askable(first), this.#askable(second)];
    const found = other.samples.find((sample) => this.#bothHold(one, other, sample));
    if (found !== undefined) return found;
    for (const theirs of one.samples) {
      // Where the second asks for more, a sample of the first tells too little: what is left out would hold in a `none`.
      const told = one.asks === other.asks ? [theirs] : other.samples.map((sample) => ({ ...sample, ...theirs }));
      const both = told.find((sample) => this.#bothHold(one, other, sample));
      if (both !== undefined) return both;
    }
    return this.#crossed(one, other);
  }

  /** What begins as the one's wildcard and ends as the other's. */
  #crossed(one: Asked, other: Asked): Facts | null {
    const [theirs, sample] = [one.samples[0], other.samples[0]];
    if (theirs === undefined || sample === undefined) return null;
    for (const [name, first] of one.wildcards) {
      const second = other.wildcards.get(name);
      if (second === undefined || first.head === second.head || first.tail === second.tail) continue;
      for (const text of [first.head + second.tail, second.head + first.tail]) {
        const made = { ...sample, ...theirs, [name]: [text] };
        if (this.#bothHold(one, other, made)) return made;
      }
    }
    return null;
  }

  #bothHold(one: Asked, other: Asked, sample: Facts): boolean {
    if (--this.#questionsLeft < 0) return false;
    return one.holds(sample) && other.holds(sample) && arePossible(sample);
  }

  #askable(rule: Rule): Asked {
    const known = this.#asked.get(rule) ?? this.#made(rule.when, rule);
    this.#asked.set(rule, known);
    return known;
  }

  #made(when: Condition | undefined, { action }: Rule): Asked {
    if (when === undefined) return { holds: () => true, samples: [], asks: 0, wildcards: new Map() };
    const { holds } = compileCondition(when, this.#lists, quantifierOf(action));
    const asked = [...mentionedFacts(when)];
    const others = Object.assign({}, ...asked.map(neutralFact)) as Facts;
    const samples = conditionSamples(when, this.#entries).map((sample) => ({ ...others, ...sample }));
    return { holds, samples: samples.filter(holds), asks: asked.length, wildcards: wildcardsOf(when) };
  }
}

function mentionedFacts({ all = [], any = [], none = [], ...tests }: Condition): Set<FactName> {
  const names = new Set(Object.keys(tests) as FactName[]);
  for (const child of [...all, ...any, ...none]) for (const name of mentionedFacts(child)) names.add(name);
  return names;
}

function wildcardsOf({ all: _, any: __, none: ___, ...tests }: Condition): Map<FactName, Wildcard> {
  const found = new Map<FactName, Wildcard>();
  for (const [name, test] of Object.entries(tests)) {
    if (test === undefined || !("like" in test) || !test.like?.includes("*")) continue;
    const parts = test.like.replace(/[?]/g, "x").split("*");
    found.set(name as FactName, { head: parts[0] ?? "", tail: parts.at(-1) ?? "" });
  }
  return found;
}

/** `sender anna@a.test, file name setup.exe`. */
export function exampleWords(example: Facts): string {
  const parts = (Object.keys(example) as FactName[]).map((name) => {
    const text = [example[name] ?? ""].flat().join(", ");
    const shown = text.length > valueShownMax ? `${text.slice(0, valueShownMax)}…` : text;
    return `${facts[name].words} ${shown === "" ? "empty" : shown}`;
  });
  return parts.join(", ");
}
