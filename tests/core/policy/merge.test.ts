import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { mergeFields, withFields } from "#core/policy/merge.ts";
import { sameValue } from "#core/policy/same-value.ts";
import { documentArbitrary } from "../../support/policy-arbitrary.ts";

/** Any object that editors have open, of one kind. */
function objectsOf({ policies, routes, lists, proxyActions }: PolicyDocument): object[][] {
  const rules = proxyActions
    .flatMap(({ rulesets: { message, header } }) => [message, header])
    .flatMap((ruleset) => ruleset?.rules ?? []);
  return [policies, routes, lists, rules, proxyActions.map(({ rulesets: _, ...profile }) => profile)];
}

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
/** Making one takes much longer than merging. */
const documents = fc.sample(documentArbitrary, { numRuns: 30, seed });

const three = fc
  .tuple(fc.array(fc.constantFrom(...documents), { minLength: 3, maxLength: 3 }), fc.nat(4))
  .map(([chosen, kind]) => chosen.map((document) => objectsOf(document)[kind]?.[0] ?? {}));

describe(`merging what two people made of one object (seed ${seed})`, () => {
  it("takes theirs where only they changed something, and mine where only I did", () => {
    fc.assert(
      fc.property(three, ([base, one]) => {
        const taken = mergeFields(base, base, one);
        expect(taken.every(({ kind }) => kind === "theirs")).toBe(true);
        expect(sameValue(withFields(base, taken), one)).toBe(true);
        const kept = mergeFields(base, one, base);
        expect(kept.every(({ kind }) => kind === "mine")).toBe(true);
        expect(sameValue(withFields(one, kept), one)).toBe(true);
        expect(mergeFields(base, one, one)).toEqual([]);
      }),
    );
  });

  it("tells every field that differs between mine and theirs, and no other; a clash stays mine until somebody chooses", () => {
    fc.assert(
      fc.property(three, ([base, mine, theirs]) => {
        const fields = mergeFields(base, mine, theirs);
        const allTheirs = fields.map((field) => ({ ...field, value: field.theirs }));
        expect(sameValue(withFields(mine, allTheirs), theirs)).toBe(true);
        for (const { kind, value, mine: own } of fields) if (kind === "clash") expect(value).toEqual(own);
      }),
    );
  });

  it("clashes for both of them alike", () => {
    fc.assert(
      fc.property(three, ([base, mine, theirs]) => {
        const clashes = (one: unknown, other: unknown) =>
          mergeFields(base, one, other).flatMap(({ kind, path }) => (kind === "clash" ? [path.join(".")] : []));
        expect(clashes(mine, theirs).toSorted()).toEqual(clashes(theirs, mine).toSorted());
      }),
    );
  });

  it("goes into objects field by field", () => {
    const base = { name: "a", limits: { recipients: 1, bytes: 2 }, log: false };
    const fields = mergeFields(
      base,
      { ...base, name: "b", limits: { recipients: 9, bytes: 2 } },
      { ...base, name: "c", limits: { recipients: 1, bytes: 8 } },
    );
    expect(fields.map(({ path, kind, value }) => [path.join("."), kind, value])).toEqual([
      ["name", "clash", "b"],
      ["limits.recipients", "mine", 9],
      ["limits.bytes", "theirs", 8],
    ]);
  });

  it("puts the entries of a list together: what either put on it, without what either took off", () => {
    const [field] = mergeFields(["a", "b", "c"], ["a", "c", "mine"], ["a", "b", "theirs"]);
    expect(field).toMatchObject({ kind: "both", value: ["a", "mine", "theirs"] });
    expect(mergeFields(["a", "b"], ["b", "a", "x"], ["a", "b", "y"])).toMatchObject([{ kind: "clash" }]);
  });

  it("never makes one condition out of two", () => {
    const base = { when: { sender: { is: "a" } } };
    const mine = { when: { sender: { is: "b" } } };
    const theirs = { when: { sender: { is: "a" }, recipient: { is: "c" } } };
    expect(mergeFields(base, mine, theirs)).toMatchObject([{ path: ["when"], kind: "clash", value: mine.when }]);
  });

  it("takes away what one of them took away", () => {
    const base = { name: "a", expires: "2026-12-01T00:00:00Z" };
    const fields = mergeFields(base, { name: "b", expires: base.expires }, { name: "a" });
    expect(withFields({ name: "b", expires: base.expires }, fields)).toEqual({ name: "b" });
  });
});
