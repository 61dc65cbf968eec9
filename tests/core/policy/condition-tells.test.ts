import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Condition, conditionSchema } from "#core/contract/condition.ts";
import type { FactName, Facts } from "#core/contract/facts.ts";
import { CompiledLists, compileCondition, type Quantifier } from "#core/policy/compile-condition.ts";

const values = ["a", "b", "c", "d"];
const texts = ["fileName", "recipient", "trait"] as const;
const numbers = ["partBytes", "messageBytes"] as const;

const textTest = fc.oneof(
  fc.record({ is: fc.constantFrom(...values) }),
  fc.record({ in: fc.subarray(values, { minLength: 1 }) }),
  fc.record({ like: fc.constantFrom("*", "[ab]", "?") }),
);
const leaf = fc.oneof(
  fc.tuple(fc.constantFrom(...texts), textTest).map(([fact, given]) => ({ [fact]: given })),
  fc.tuple(fc.constantFrom(...numbers), fc.nat(3)).map(([fact, over]) => ({ [fact]: { over } })),
);
const { condition } = fc.letrec<{ condition: object }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc
      .tuple(fc.constantFrom("all", "any", "none"), fc.array(tie("condition"), { minLength: 1, maxLength: 3 }))
      .map(([group, inside]) => ({ [group]: inside })),
  ),
}));

/** What is true of a text fact; of that what is known; and what may be there besides, null for anything. */
const textFact = fc.record({
  truth: fc.subarray(values),
  hidden: fc.subarray(values),
  isListed: fc.boolean(),
  isKnown: fc.boolean(),
});
const numberFact = fc.record({ truth: fc.nat(3), isKnown: fc.boolean() });

describe("a condition when not everything is known", () => {
  test("tells what holds of the truth, whatever that is, or that it cannot be said", () => {
    const counts = { said: 0, unsaid: 0 };
    const everyText = fc.record({ fileName: textFact, recipient: textFact, trait: textFact });
    const everyNumber = fc.record({ partBytes: numberFact, messageBytes: numberFact });
    const quantifier = fc.constantFrom<Quantifier>("some", "every");
    fc.assert(
      fc.property(condition, quantifier, everyText, everyNumber, (given, how, textFacts, numberFacts) => {
        const parsed: Condition = conditionSchema.parse(given);
        const compiled = compileCondition(parsed, new CompiledLists([]), how);
        let [truth, known]: [Facts, Facts] = [{}, {}];
        const unknown = new Map<FactName, readonly string[] | null>();
        for (const name of texts) {
          const fact = textFacts[name];
          truth = { ...truth, [name]: fact.truth };
          known = {
            ...known,
            [name]: fact.isKnown ? fact.truth : fact.truth.filter((one) => !fact.hidden.includes(one)),
          };
          if (!fact.isKnown) unknown.set(name, fact.isListed ? fact.hidden : null);
        }
        for (const name of numbers) {
          const fact = numberFacts[name];
          truth = { ...truth, [name]: fact.truth };
          if (fact.isKnown) known = { ...known, [name]: fact.truth };
          else unknown.set(name, null);
        }
        const told = compiled.tells(known, unknown);
        if (told !== null) expect(told).toBe(compiled.holds(truth));
        counts[told === null ? "unsaid" : "said"]++;
        expect(compiled.tells(truth, new Map())).toBe(compiled.holds(truth));
      }),
      { numRuns: 5_000 },
    );
    expect(counts.said).toBeGreaterThan(1_000);
    expect(counts.unsaid).toBeGreaterThan(1_000);
  });
});
