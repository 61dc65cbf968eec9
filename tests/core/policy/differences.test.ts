import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences, entriesNamedMax } from "#core/policy/differences.ts";

describe("what differs between two values is said", () => {
  it.each([
    { before: { a: { b: 1 } }, after: { a: { b: 2 } }, words: ["a.b: 1 → 2"] },
    { before: { a: "x" }, after: {}, words: ["a: x → –"] },
    { before: { a: ["x", "y"] }, after: { a: ["x", "z"] }, words: ["a: y → z"] },
    { before: { a: ["x"] }, after: { a: ["x", "y", "z"] }, words: ["a: added y, z"] },
    { before: {}, after: { a: ["x"] }, words: ["a: added x"] },
    { before: { a: ["x", "y", "y"] }, after: { a: ["x", "y"] }, words: ["a: removed y"] },
    { before: { a: ["x", "y"] }, after: { a: ["y", "x"] }, words: ["a: in another order"] },
    {
      before: { listen: [{ address: "192.0.2.1", port: 25, proxyProtocolFrom: [] }] },
      after: { listen: [{ address: "192.0.2.1", port: 587, proxyProtocolFrom: [] }] },
      words: ["listen: address 192.0.2.1, port 25 → address 192.0.2.1, port 587"],
    },
  ])("$words", ({ before, after, words }) => {
    expect(differences(before, after)).toEqual(words);
  });

  it("of a long list by its first entries and how many more there are", () => {
    const entries = Array.from({ length: 10_000 }, (_, n) => `d${n}.test`);
    const [words = ""] = differences({ entries: [] }, { entries });
    expect(words).toMatch(/^entries: added d0\.test, .* and 9,980 more$/);
    expect(words.split(", ").length).toBe(entriesNamedMax);
  });

  it("always, and never where nothing does", () => {
    const value = fc.jsonValue();
    fc.assert(
      fc.property(value, value, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(differences({ a: one }, { a: one })).toEqual([]);
        if (!same && typeof one !== "object") expect(differences({ a: one }, { a: other })).not.toEqual([]);
      }),
    );
  });
});
