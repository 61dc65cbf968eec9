import type { Condition, NetworkTest, NumberTest, TextTest } from "#core/contract/condition.ts";
import { type FactName, facts } from "#core/contract/facts.ts";
import type { CompiledLists, Quantifier } from "../compile-condition.ts";
import { sameValue } from "../same-value.ts";
import type { AskedRule } from "./asked-rule.ts";
import { type Effort, networkSteps } from "./effort.ts";
import { hasOneReading } from "./fact-readings.ts";
import { networkTestImplies, numberTestImplies, TextTests } from "./test-implication.ts";

type Group = "all" | "any" | "none";
/** One thing that must hold: a fact's test, or a group. */
type Part = { key: FactName | Group; value: unknown };

/** Whether a rule takes everything that a later one would: never claimed where it is not so, and not always seen where it is. */
export class Coverage {
  readonly #texts: TextTests;
  readonly #effort: Effort;

  constructor(lists: CompiledLists, effort: Effort) {
    this.#texts = new TextTests(lists, effort);
    this.#effort = effort;
  }

  /** Whether the earlier rule holds whenever the later one does. */
  covers(earlier: AskedRule, later: AskedRule): boolean {
    if (earlier.matchesAll || earlier.rule.when === undefined) return true;
    if (later.rule.when === undefined) return false;
    // Most pairs end here: what the earlier one asks about, the later one does not, or a message is at hand that only the later one matches.
    if (!earlier.needs.every((name) => later.asks.has(name)) || !later.samples.every(earlier.holds)) return false;
    return this.#implies(later.rule.when, later.quantifier, earlier.rule.when, earlier.quantifier);
  }

  /** Whether `wanted` holds of all facts that `given` holds of. */
  #implies(given: Condition, givenBy: Quantifier, wanted: Condition, wantedBy: Quantifier): boolean {
    return partsOf(wanted).every((part) => this.#impliesPart(given, givenBy, part, wantedBy));
  }

  #impliesPart(given: Condition, givenBy: Quantifier, wanted: Part, wantedBy: Quantifier): boolean {
    if (!this.#effort.spend(1)) return false;
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
      if (part.key !== wanted.key || !this.#effort.spend(1)) return false;
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
    const pairs = (given.in?.length ?? 1) * (wanted.in?.length ?? 1);
    return this.#effort.spend(networkSteps * pairs) && networkTestImplies(given, wanted);
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

function conditions({ value }: Part): Condition[] {
  return value as Condition[];
}
