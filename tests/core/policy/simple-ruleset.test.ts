import { describe, expect, it } from "vitest";
import { type Rule, rulesetSchema } from "#core/contract/rule.ts";
import { fromSimple, type SimpleRuleset, toSimple } from "#core/policy/simple-ruleset.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const byDefault = { fact: "fileName", matched: { kind: "deny" } } as const;
const seed = Number(process.env.POSTERN_SEED) || Date.now() % 2 ** 32;
const rounds = 500;

function rules(...given: object[]): Rule[] {
  return rulesetSchema.parse({ rules: given }).rules;
}

function simpleOf(given: readonly Rule[]): SimpleRuleset {
  const read = toSimple(rulesetSchema.parse({ rules: given }), byDefault);
  if (!read.ok) throw new Error(read.why);
  return read.simple;
}

function why(...given: object[]): string {
  const read = toSimple(rulesetSchema.parse({ rules: given }), byDefault);
  return read.ok ? "simple" : read.why;
}

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

describe("the simple view of a ruleset", () => {
  it("is its patterns, what happens to a match, and what to the rest", () => {
    const given = rules(
      { name: "a", when: { fileName: { like: "*.exe" } }, action: { deny: { code: 552 } }, log: true },
      { name: "b", when: { fileName: { in: ["a.txt", "b.txt"] } }, action: { deny: { code: 552 } }, log: true },
      { name: "c", when: { fileName: { is: "c.txt" } }, action: { deny: { code: 552 } }, log: true },
    );
    expect(simpleOf(given)).toEqual({
      fact: "fileName",
      patterns: ["*.exe", "a.txt", "b.txt", "c.txt"],
      matched: { kind: "deny", reply: { code: 552 } },
      log: true,
      noneMatched: { action: { kind: "allow" }, log: false },
    });
  });

  it("of no rules has no patterns", () => {
    expect(simpleOf([])).toMatchObject({ fact: "fileName", patterns: [], matched: { kind: "deny" } });
  });

  it("knows networks", () => {
    const given = rules({ name: "a", when: { clientAddress: { in: ["10.0.0.0/8"] } }, action: "allow" });
    expect(simpleOf(given)).toMatchObject({ fact: "clientAddress", patterns: ["10.0.0.0/8"] });
    expect(fromSimple({ ...simpleOf(given), patterns: ["10.0.0.0/8", "::1"] }).rules[1]?.when).toEqual({
      clientAddress: { in: ["::1"] },
    });
  });

  const exe = { name: "a", when: { fileName: { like: "*.exe" } }, action: "deny" };
  it.each([
    ["a rule that is off", { ...exe, state: "off" }, "Rule “a” is off."],
    ["a rule that observes", { ...exe, state: "observe" }, "Rule “a” only observes."],
    ["an alarm", { ...exe, alarm: true }, "Rule “a” raises an alarm."],
    ["an end date", { ...exe, expires: "2030-01-01T00:00:00Z" }, "Rule “a” has an end date."],
    ["a section", { ...exe, section: "Programs" }, "Rule “a” stands in a section."],
    ["a pattern (RE2)", { ...exe, when: { fileName: { pattern: "x" } } }, /no list of patterns/],
    ["a list", { ...exe, when: { fileName: { inList: "x" } } }, /no list of patterns/],
    ["a number", { ...exe, when: { messageBytes: { over: 5 } } }, /asks about a number/],
    ["no condition", { ...exe, when: undefined }, /or about nothing/],
    ["two facts", { ...exe, when: { fileName: { is: "a" }, subject: { is: "b" } } }, /more than one fact/],
    ["a group", { ...exe, when: { none: [{ fileName: { is: "a" } }] } }, /more than one fact/],
    ["an exact value with a wildcard in it", { ...exe, when: { fileName: { is: "a*b" } } }, /no list of patterns/],
    ["an empty value", { ...exe, when: { fileName: { is: "" } } }, /cannot stand on a line/],
  ])("is not there for %s, and says why", (_, rule, words) => {
    expect(why(rule)).toEqual(typeof words === "string" ? words : expect.stringMatching(words));
  });

  it("is not there for rules that differ in what they ask or do", () => {
    expect(why(exe, { ...exe, name: "b", when: { subject: { is: "b" } } })).toMatch(/“b” asks about something else/);
    expect(why(exe, { ...exe, name: "b", when: { fileName: { is: "b" } }, action: "drop" })).toMatch(
      /“b” does something/,
    );
    expect(why(exe, { ...exe, name: "b", when: { fileName: { is: "b" } }, log: true })).toMatch(
      /“b” is logged otherwise/,
    );
    expect(why(exe, { ...exe, name: "b" })).toMatch(/“b” repeats the pattern/);
  });
});

describe("writing the simple view back", () => {
  const before = rules(
    { id: id(1), name: "programs", when: { fileName: { in: ["a.exe", "b.exe", "c.exe"] } }, action: "deny" },
    { id: id(2), name: "scripts", when: { fileName: { like: "*.vbs" } }, action: "deny" },
  );

  it("gives what is new a rule named after its pattern, and leaves the others alone", () => {
    const simple = simpleOf(before);
    const after = fromSimple({ ...simple, patterns: [...simple.patterns, "*.js"] }, before).rules;
    expect(after.slice(0, 2)).toEqual(before);
    expect(after[2]).toMatchObject({ name: "*.js", when: { fileName: { like: "*.js" } }, action: { kind: "deny" } });
    expect(after[2]?.id).toBeUndefined();
  });

  it("keeps the id of a rule that lost some of its patterns", () => {
    const after = fromSimple({ ...simpleOf(before), patterns: ["a.exe", "c.exe", "*.vbs"] }, before).rules;
    expect(after[0]).toEqual({ ...before[0], when: { fileName: { in: ["a.exe", "c.exe"] } } });
    expect(fromSimple({ ...simpleOf(before), patterns: ["b.exe"] }, before).rules).toEqual([
      { ...before[0], when: { fileName: { is: "b.exe" } } },
    ]);
  });

  it("moves a rule with its pattern, and changes the action of all of them", () => {
    const simple = simpleOf(before);
    const moved = fromSimple({ ...simple, patterns: ["*.vbs", "a.exe", "b.exe", "c.exe"] }, before).rules;
    expect(moved).toEqual([before[1], before[0]]);
    const allowed = fromSimple({ ...simple, matched: { kind: "allow" } }, before).rules;
    expect(allowed).toEqual(before.map((rule) => ({ ...rule, action: { kind: "allow" } })));
  });

  it("asks another fact with the same rules", () => {
    const after = fromSimple({ ...simpleOf(before), fact: "subject" }, before).rules;
    expect(after.map((rule) => [rule.id, rule.when])).toEqual([
      [id(1), { subject: { in: ["a.exe", "b.exe", "c.exe"] } }],
      [id(2), { subject: { like: "*.vbs" } }],
    ]);
  });

  it("makes names that a rule can have and that no other has", () => {
    const simple = { ...simpleOf([]), patterns: ["x".repeat(150), `${"x".repeat(150)}y`, "a\u200eb"] };
    const names = fromSimple(simple).rules.map(({ name }) => name);
    expect(names).toEqual(["x".repeat(100), `${"x".repeat(98)} 2`, "ab"]);
  });
});

describe("there and back", () => {
  it(`loses nothing: simple → rules → simple, and rules → simple → rules with ids, names and order (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const below = (n: number) => Math.floor(random() * n);
    for (let round = 0; round < rounds; round++) {
      const words = [...new Set(Array.from({ length: 1 + below(8) }, () => `${"*?ab.".at(below(5))}${below(50)}`))];
      const simple: SimpleRuleset = {
        fact: random() < 0.5 ? "fileName" : "subject",
        patterns: words,
        matched: random() < 0.5 ? { kind: "deny", reply: { code: 552 } } : { kind: "block", minutes: 5 },
        log: random() < 0.5,
        noneMatched: { action: { kind: "allow" }, log: random() < 0.5 },
      };
      const written = fromSimple(simple);
      const back = toSimple(written, byDefault);
      expect(back).toEqual({ ok: true, simple });
      const given = groupedRules(written.rules, below);
      expect(fromSimple(simpleOf(given), given).rules).toEqual(given);
    }
  });
});

/** The same rules with ids, and with some neighbours together in one `in`. */
function groupedRules(given: readonly Rule[], below: (n: number) => number): Rule[] {
  const grouped: Rule[] = [];
  for (const [n, rule] of given.entries()) {
    const last = grouped.at(-1);
    const [mine, other] = [exactValues(rule), last === undefined ? null : exactValues(last)];
    if (last !== undefined && mine !== null && other !== null && below(2) === 0) {
      const fact = Object.keys(rule.when ?? {})[0] ?? "";
      grouped[grouped.length - 1] = { ...last, when: { [fact]: { in: [...other, ...mine] } } };
    } else grouped.push({ ...rule, id: id(n) });
  }
  return grouped;
}

function exactValues(rule: Rule): string[] | null {
  const test = rule.when?.fileName ?? rule.when?.subject;
  return test?.in ?? (test?.is === undefined ? null : [test.is]);
}
