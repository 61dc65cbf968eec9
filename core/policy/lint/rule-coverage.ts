import type { Condition, NetworkTest, NumberTest, TextTest } from "#core/contract/condition.ts";
import { type FactName, facts } from "#core/contract/facts.ts";
import type { Rule } from "#core/contract/rule.ts";
import { type CompiledLists, type Quantifier, quantifierOf } from "../compile-condition.ts";
import { sameValue } from "../same-value.ts";
import { hasOneReading } from "./fact-readings.ts";
import { matchesEverything } from "./matches-everything.ts";
import { networkTestImplies, numberTestImplies, TextTests } from "./test-implication.ts";

type Group = "all" | "any" | "none";
/** One thing that must hold: a fact's test, or a group. */
type Part = { key: FactName | Group; value: unknown };

/** Comparisons of tests and values that one look at a document may cost; past it nothing more is claimed: about a second. */
export const comparisonsMax = 1_000_000;

/** Whether a rule takes everything that a later one would: never claimed where it is not so, and not always seen where it is. */
export class Coverage {
  readonly #texts: TextTests;
  readonly #mentioned = new WeakMap<Condition, ReadonlySet<string>>();
  #comparisonsLeft = comparisonsMax;

  constructor(lists: CompiledLists) {
    this.#texts = new TextTests(lists, (work) => this.#spend(work));
  }

  #spend(work: number): boolean {
    this.#comparisonsLeft -= work;
    return this.#comparisonsLeft >= 0;
  }

  /** Whether something was left uncompared. */
  get hasRunOut(): boolean {
    return this.#comparisonsLeft < 0;
  }

  /** Whether the earlier rule holds whenever the later one does. */
  covers(earlier: Rule, later: Rule): boolean {
    if (earlier.when === undefined || matchesEverything(earlier.when)) return true;
    if (later.when === undefined) return false;
    const mentioned = this.#mentions(later.when);
    // Most pairs end here: what the earlier one asks about, the later one does not.
    if (partsOf(earlier.when).some((part) => !isGroup(part) && !mentioned.has(part.key))) return false;
    return this.#implies(later.when, quantifierOf(later.action), earlier.when, quantifierOf(earlier.action));
  }

  /** Whether `wanted` holds of all facts that `given` holds of. */
  #implies(given: Condition, givenBy: Quantifier, wanted: Condition, wantedBy: Quantifier): boolean {
    return partsOf(wanted).every((part) => this.#impliesPart(given, givenBy, part, wantedBy));
  }

  #impliesPart(given: Condition, givenBy: Quantifier, wanted: Part, wantedBy: Quantifier): boolean {
    if (!this.#spend(1)) return false;
    if (wanted.key === "all") {
      return conditions(wanted).every((child) => this.#implies(given, givenBy, child, wantedBy));
    }
    if (wanted.key === "any" && conditions(wanted).some((child) => this.#implies(given, givenBy, child, wantedBy))) {
      return true;
    }
    return partsOf(given).some((part) => {
      if (part.key === "all") {
        return conditions(part).some((child) => this.#impliesPart(child, givenBy, wanted, wantedBy));
      }
      if (part.key === "any") {
        return conditions(part).every((child) => this.#impliesPart(child, givenBy, wanted, wantedBy));
      }
      if (part.key !== wanted.key || !this.#spend(1)) return false;
      // Inside `none` it is the reverse of an implication: only the very same is claimed.
      if (part.key === "none") return givenBy === wantedBy && sameValue(part.value, wanted.value);
      return this.#testImplies(part.key, part.value, givenBy, wanted.value, wantedBy);
    });
  }

  #testImplies(
    fact: FactName | Group,
    given: unknown,
    givenBy: Quantifier,
    wanted: unknown,
    wantedBy: Quantifier,
  ): boolean {
    const { kind } = facts[fact as FactName];
    switch (kind) {
      case "text":
        // That some reading passes says nothing about all of them.
        if (wantedBy === "every" && givenBy === "some" && !hasOneReading(fact)) return false;
        return this.#texts.implies(given as TextTest, wanted as TextTest);
      case "number":
        return numberTestImplies(given as NumberTest, wanted as NumberTest);
      case "network":
        return this.#networkTestImplies(given as NetworkTest, wanted as NetworkTest);
      default:
        return kind satisfies never;
    }
  }

  #networkTestImplies(given: NetworkTest, wanted: NetworkTest): boolean {
    return this.#spend((given.in?.length ?? 1) * (wanted.in?.length ?? 1)) && networkTestImplies(given, wanted);
  }

  /** Whether the first asks for nothing that the second does not ask for as well. */
  asksNoMore(first: Condition, second: Condition): boolean {
    const asked = this.#mentions(second);
    for (const name of this.#mentions(first)) if (!asked.has(name)) return false;
    return true;
  }

  /** Every fact that stands anywhere in the condition. */
  #mentions(condition: Condition): ReadonlySet<string> {
    const known = this.#mentioned.get(condition);
    if (known !== undefined) return known;
    const names = new Set<string>();
    for (const part of partsOf(condition)) {
      if (!isGroup(part)) names.add(part.key);
      else for (const child of conditions(part)) for (const name of this.#mentions(child)) names.add(name);
    }
    this.#mentioned.set(condition, names);
    return names;
  }
}

const parts = new WeakMap<Condition, readonly Part[]>();

/** Made once: every pair of rules is compared. */
function partsOf(condition: Condition): readonly Part[] {
  const known = parts.get(condition) ?? splitParts(condition);
  parts.set(condition, known);
  return known;
}

function splitParts(condition: Condition): Part[] {
  return Object.entries(condition).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key: key as Part["key"], value }],
  );
}

function isGroup({ key }: Part): boolean {
  return key === "all" || key === "any" || key === "none";
}

function conditions({ value }: Part): Condition[] {
  return value as Condition[];
}
