import type { Condition } from "#core/contract/condition.ts";
import { type FactName, type Facts, facts } from "#core/contract/facts.ts";
import type { AskedRule } from "./asked-rule.ts";
import { arePossible } from "./possible-facts.ts";

const valueShownMax = 60;

/** What stands before the first star and behind the last one. */
type Wildcard = { head: string; tail: string };
type Wildcards = ReadonlyMap<FactName, Wildcard>;

/**
 * Facts of a message that both rules match, or null: none was found. Both conditions hold of it when asked, so it is never claimed where it is
 * not so. The first asks for nothing that the second does not ask for.
 */
export function commonExample(first: AskedRule, second: AskedRule): Facts | null {
  const found = second.samples.find((sample) => first.holds(sample) && arePossible(sample));
  if (found !== undefined) return found;
  const isCommon = (made: Facts): boolean => second.holds(made) && first.holds(made) && arePossible(made);
  for (const theirs of first.samples) {
    // Where the second asks for more, a sample of the first tells too little: what is left out would hold in a `none`.
    const told =
      first.asks.size === second.asks.size ? [theirs] : second.samples.map((sample) => ({ ...sample, ...theirs }));
    const common = told.find(isCommon);
    if (common !== undefined) return common;
  }
  return crossed(first, second).find(isCommon) ?? null;
}

/** What begins as the one's wildcard and ends as the other's. */
function crossed(first: AskedRule, second: AskedRule): Facts[] {
  const [theirs, sample] = [first.samples[0], second.samples[0]];
  if (theirs === undefined || sample === undefined) return [];
  const others = wildcardsOf(second);
  return [...wildcardsOf(first)].flatMap(([name, one]) => {
    const other = others.get(name);
    if (other === undefined || one.head === other.head || one.tail === other.tail) return [];
    return [one.head + other.tail, other.head + one.tail].map((text) => ({ ...sample, ...theirs, [name]: [text] }));
  });
}

const known = new WeakMap<Condition, Wildcards>();

/** Looked for once: pairs of rules are compared. */
function wildcardsOf({ rule: { when } }: AskedRule): Wildcards {
  if (when === undefined) return new Map();
  const wildcards = known.get(when) ?? findWildcards(when);
  known.set(when, wildcards);
  return wildcards;
}

function findWildcards({ all: _, any: __, none: ___, ...tests }: Condition): Wildcards {
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
