import { describe, expect, it } from "vitest";
import { actionErrors, actionFormOf, readAction } from "#components/rules/editor/action-form.ts";
import { rewriteFormOf, rewriteProblem } from "#components/rules/editor/rewrite-form.ts";
import { rewriteOutcome } from "#components/rules/editor/rewrite-test.tsx";
import type { Action } from "#core/contract/action.ts";

const actions: Action[] = [
  { kind: "rewrite", pattern: "(.*)\\+.*@(.*)", to: "$1@$2" },
  { kind: "rewrite", domains: { "old.test": "new.test", "older.test": "new.test" } },
  { kind: "rewrite", aliases: { "team@x.test": ["ann@x.test", "bob@x.test"], "c@x.test": ["d@x.test"] } },
  { kind: "redirect", to: "archive@x.test" },
  { kind: "copy", to: "archive@x.test" },
  { kind: "block", minutes: 90 },
  { kind: "deny", reply: { code: 552, enhanced: "5.3.4", text: "Too large" } },
];
const empty = rewriteFormOf({ kind: "allow" });

describe("the fields of an action", () => {
  it.each(actions)("give back $kind as it was", (action) => {
    const form = actionFormOf(action);
    expect(actionErrors(form)).toEqual({});
    expect(readAction(form)).toEqual(action);
  });

  it("say what is wrong with a code of another class, an address, minutes", () => {
    const deny = actionFormOf({ kind: "deny" });
    expect(actionErrors({ ...deny, code: "450" })).toHaveProperty("code");
    expect(actionErrors({ ...deny, enhanced: "4.7.1" })).toEqual({
      enhanced: "an enhanced code of this action starts with 5.",
    });
    expect(actionErrors({ ...deny, text: "nö" })).toHaveProperty("text");
    expect(actionErrors({ ...deny, kind: "redirect", to: "nobody" })).toEqual({
      to: "write an address: user@example.com",
    });
    expect(actionErrors({ ...deny, kind: "block", minutes: "0" })).toHaveProperty("minutes");
    expect(actionErrors({ ...deny, kind: "rewrite" })).toHaveProperty("rewrite");
  });
});

describe("the lines of a rewrite", () => {
  it.each([
    ["no lines", "", "Write at least one line."],
    ["a line without =", "a.test b.test", "Line 1: write it as old = new."],
    ["a line with two =", "a = b = c", "Line 1: write it as old = new."],
    ["half a line", "a.test =", "Line 1: write it as old = new."],
    ["a domain that stands twice", "a.test = b.test\nA.test = c.test", "Line 2: A.test stands twice."],
  ])("are refused with %s", (_, domains, words) => {
    expect(rewriteProblem({ ...empty, by: "domains", domains })).toBe(words);
  });

  it("skip blank lines", () => {
    expect(rewriteProblem({ ...empty, by: "domains", domains: "\n a.test = b.test \n\n" })).toBeNull();
  });
});

describe("the test box of a rewrite", () => {
  const pattern = { ...empty, pattern: "(.*)\\+.*@x\\.test", to: "$1@x.test" };

  it("shows what the worker would make of an address", () => {
    expect(rewriteOutcome(pattern, "ann+news@x.test")).toBe("→ ann@x.test");
    expect(rewriteOutcome(pattern, "ann@x.test")).toBe("Stays as it is: the rewrite does not fit it.");
    const aliases = { ...empty, by: "aliases" as const, aliases: "team@x.test = a@x.test, b@x.test" };
    expect(rewriteOutcome(aliases, "TEAM@x.test")).toBe("→ a@x.test, b@x.test");
  });

  it("says what is wrong with a pattern, and nothing while the rewrite is not written yet", () => {
    expect(rewriteOutcome({ ...pattern, pattern: "(?=a)" }, "ann@x.test")).toMatch(
      /^The pattern cannot be read: .*look-around/,
    );
    expect(rewriteOutcome({ ...pattern, to: "$2@x.test" }, "a+b@x.test")).toMatch(/the pattern has 1 groups/);
    expect(rewriteOutcome(empty, "ann@x.test")).toBe("");
  });
});
