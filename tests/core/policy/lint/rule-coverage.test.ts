import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Condition, conditionSchema } from "#core/contract/condition.ts";
import type { Facts } from "#core/contract/facts.ts";
import type { List } from "#core/contract/policy-document.ts";
import { ruleSchema } from "#core/contract/rule.ts";
import { CompiledLists, compileCondition } from "#core/policy/compile-condition.ts";
import { type AskedRule, RuleAsker } from "#core/policy/lint/asked-rule.ts";
import { Effort } from "#core/policy/lint/effort.ts";
import { Coverage } from "#core/policy/lint/rule-coverage.ts";
import { Neighbours } from "#core/policy/lint/rule-neighbours.ts";
import { commonExample } from "#core/policy/lint/rule-overlap.ts";

const entries: List[] = [
  { name: "ours", kind: "domains", entries: ["a.test", "*.b.test"] },
  { name: "inside", kind: "networks", entries: ["10.0.0.0/8"] },
  { name: "wild", kind: "patterns", entries: ["a*", "?", "*.b.test", "x?b*", "b*"] },
  // So many are asked by what stands in the value.
  { name: "many", kind: "patterns", entries: ["*a.t*", ...Array.from({ length: 12 }, (_, n) => `*b.te*t${n}*`)] },
  { name: "words", kind: "words", entries: ["a", "test"] },
  { name: "people", kind: "addresses", entries: ["a", "@b.test"] },
];
const textLists = entries.flatMap(({ name, kind }) => (kind === "networks" ? [] : [name]));
const lists = new CompiledLists(entries);
const effort = new Effort(entries);
const asker = new RuleAsker(lists, entries, effort);
const coverage = new Coverage(lists, effort);

function rule(when: unknown, action: unknown = "deny"): AskedRule {
  return asker.ask(ruleSchema.parse({ name: "r", ...(when === undefined ? {} : { when }), action }), 0);
}

const covers = (earlier: unknown, later: unknown, by: unknown = "deny", taken: unknown = "deny") =>
  coverage.covers(rule(earlier, by), rule(later, taken));

describe("an earlier rule takes all that a later one would", () => {
  it.each([
    [undefined, { sender: { is: "x@a.test" } }],
    [{ sender: { like: "*" } }, { sender: { is: "" } }],
    [{ sender: { like: "*@a.test" } }, { sender: { is: "X@A.test" } }],
    [{ fileName: { like: "*.exe" } }, { fileName: { like: "setup*.exe" } }],
    [{ senderDomain: { inList: "ours" } }, { senderDomain: { in: ["a.test", "x.b.test"] } }],
    [{ clientAddress: { in: ["10.0.0.0/8"] } }, { clientAddress: { in: ["10.1.0.0/16", "10.2.3.4"] } }],
    [{ clientAddress: { inList: "inside" } }, { clientAddress: { inList: "inside" }, helo: { is: "x" } }],
    [{ messageBytes: { over: 10 } }, { messageBytes: { over: 20, under: 30 } }],
    [{ sender: { is: "a" } }, { all: [{ sender: { is: "a" } }, { helo: { is: "b" } }] }],
    [{ any: [{ sender: { is: "a" } }, { helo: { is: "b" } }] }, { helo: { is: "b" } }],
    [{ sender: { in: ["a", "b"] } }, { any: [{ sender: { is: "a" } }, { sender: { is: "b" } }] }],
    [{ none: [{ sender: { is: "a" } }] }, { none: [{ sender: { is: "a" } }], helo: { is: "b" } }],
  ])("%j covers %j", (earlier, later) => {
    expect(covers(earlier, later)).toBe(true);
  });

  it.each([
    [{ sender: { is: "x@a.test" } }, undefined],
    [{ fileName: { like: "setup*.exe" } }, { fileName: { like: "*.exe" } }],
    [{ fileName: { like: "?.exe" } }, { fileName: { like: "*.exe" } }],
    [{ sender: { is: "a" }, helo: { is: "b" } }, { sender: { is: "a" } }],
    [{ sender: { is: "a" } }, { any: [{ sender: { is: "a" } }, { helo: { is: "b" } }] }],
    [{ clientAddress: { in: ["10.1.0.0/16"] } }, { clientAddress: { in: ["10.0.0.0/8"] } }],
    [{ messageBytes: { over: 20 } }, { messageBytes: { over: 10 } }],
  ])("%j does not cover %j", (earlier, later) => {
    expect(covers(earlier, later)).toBe(false);
  });

  it("is not claimed of a rule that asks all readings, where the later one asks for some", () => {
    expect(covers({ recipient: { is: "a" } }, { recipient: { is: "a" } }, "allow", "deny")).toBe(false);
    expect(covers({ recipient: { is: "a" } }, { recipient: { is: "a" } }, "deny", "allow")).toBe(true);
  });
});

describe("against brute force", () => {
  const values = ["", "a", "b", "ab", "a.test", "x.b.test", "a@b.test"];
  const text = fc.oneof(
    fc.record({ is: fc.constantFrom(...values) }),
    fc.record({ in: fc.uniqueArray(fc.constantFrom("a", "b", "ab", "a.test"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ like: fc.constantFrom("*", "a*", "*b", "?", "a?", "*.b.test", "*.test", "?*", "a?*t") }),
    fc.record({ pattern: fc.constantFrom("^a", "b$", "t") }),
    fc.record({ inList: fc.constantFrom(...textLists) }),
  );
  const number = fc.oneof(
    fc.record({ is: fc.nat(3) }),
    fc.record({ over: fc.nat(3) }),
    fc.record({ under: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ over: fc.nat(2), under: fc.integer({ min: 1, max: 4 }) }),
  );
  const network = fc.oneof(
    fc.record({ in: fc.uniqueArray(fc.constantFrom("10.0.0.0/8", "10.0.0.0/31", "10.0.0.1"), { minLength: 1 }) }),
    fc.constant({ inList: "inside" }),
  );
  const shape = { sender: text, recipient: text, recipientCount: number, clientAddress: network };
  const leaf = fc.record(shape, { requiredKeys: [] });
  const group = fc.array(leaf, { minLength: 1, maxLength: 2 });
  const inner = fc.oneof(leaf, fc.record({ ...shape, any: group, none: group }, { requiredKeys: [] }));
  const outer = fc.array(inner, { minLength: 1, maxLength: 2 });
  const condition = fc.record({ ...shape, all: outer, any: outer, none: outer }, { requiredKeys: [] });
  const conditions = condition.filter((given) => conditionSchema.safeParse(given).success) as fc.Arbitrary<Condition>;
  const universe: Facts[] = [];
  for (const sender of values)
    for (const recipient of [["a"], ["b"], ["a", "b"], ["a.test", "ab"]])
      for (const recipientCount of [0, 1, 2, 3])
        for (const clientAddress of ["10.0.0.0", "10.0.0.1", "10.9.9.9", "192.0.2.1"])
          universe.push({ sender: [sender], recipient, recipientCount, clientAddress });

  const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
  it(`never claims what is not so (seed ${seed})`, () => {
    const actions = fc.constantFrom("allow" as const, "deny" as const);
    fc.assert(
      fc.property(conditions, actions, conditions, actions, (first, by, second, taken) => {
        if (!covers(first, second, by, taken)) return;
        const quantifier = (action: string) => (action === "allow" ? "every" : "some");
        const earlier = compileCondition(first, lists, quantifier(by));
        const later = compileCondition(second, lists, quantifier(taken));
        const missed = universe.find((facts) => later.holds(facts) && !earlier.holds(facts));
        expect(missed).toBeUndefined();
      }),
      { numRuns: 1_000, seed },
    );
  });

  it(`rules that their values tell apart have nothing in common (seed ${seed})`, () => {
    fc.assert(
      fc.property(conditions, conditions, (first, second) => {
        const [earlier, later] = [rule(first), { ...rule(second), n: 1 }];
        if (new Neighbours([earlier, later]).of(later, 0, 1).length > 0) return;
        expect(coverage.covers(earlier, later)).toBe(false);
        if ([...earlier.asks].every((name) => later.asks.has(name))) expect(commonExample(earlier, later)).toBeNull();
      }),
      { numRuns: 1_000, seed },
    );
  });
});
