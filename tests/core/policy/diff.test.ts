import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { diffDocuments } from "#core/policy/diff.ts";
import { ruleSentence } from "#core/policy/explain.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { withoutRuleIds, withRuleIds } from "#core/policy/rule-ids.ts";

const text = readFileSync(new URL("../../fixtures/policies/first-message.yaml", import.meta.url), "utf8");

function read(changed = text): PolicyDocument {
  const result = readPolicyDocument(changed);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.document;
}

const words = (before: PolicyDocument, after: PolicyDocument) =>
  diffDocuments(before, after).map((change) => change.words);

describe("diff", () => {
  it("of a document with itself is empty", () => {
    expect(diffDocuments(read(), read())).toEqual([]);
  });

  it("says in words what was done to a rule", () => {
    const observed = read(text.replace("executables, when", "executables, state: observe, when"));
    expect(words(read(), observed)).toEqual(['rule "executables" of Mail in, attachment: on → observe']);
    const denied = read(text.replace("action: deny, log", "action: tempfail, log"));
    expect(words(read(), denied)).toEqual([
      'rule "executables" of Mail in, attachment changed: If file name is in list executables, tempfail.',
    ]);
  });

  it("names what was added and removed", () => {
    const more = read(text.replace("lists:", "lists:\n  - { name: partners, kind: domains, entries: [] }"));
    expect(words(read(), more)).toEqual(['list "partners" added']);
    expect(words(more, read())).toEqual(['list "partners" removed']);
  });

  it("shows settings property by property", () => {
    const [change] = diffDocuments(read(), read(text.replace("recipientsMax: 100", "recipientsMax: 50")));
    expect(change?.details).toEqual(["limits.recipientsMax: 100 → 50"]);
  });

  it("reports the fewest moves for any new order of rules", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (order) => {
        const changes = diffDocuments(withRules(names), withRules(order));
        expect(changes.every(({ kind }) => kind === "moved")).toBe(true);
        expect(changes.length === 0).toBe(order.join() === names.join());
        expect(changes.length).toBeLessThan(names.length);
      }),
    );
    expect(words(withRules(names), withRules(["b", "c", "d", "e", "f", "a"]))).toEqual([
      'rule "a" of Mail in, attachment moved from position 1 to 6',
    ]);
  });
});

function withRules(names: readonly string[]): PolicyDocument {
  const document = read();
  const [mailIn] = document.proxyActions;
  const rules = names.map((name) => ({
    name,
    state: "on" as const,
    action: { kind: "deny" as const },
    log: false,
    alarm: false,
  }));
  if (mailIn?.rulesets.attachment !== undefined) mailIn.rulesets.attachment.rules = rules;
  return document;
}

describe("rule ids", () => {
  it("are filled where they are absent, by the place of the rule, and can be taken away again", () => {
    const places: string[] = [];
    const named = withRuleIds(read(), (place) => `00000000-0000-4000-8000-00000000000${places.push(place)}`);
    expect(places).toEqual([
      '["Mail in","sender","no spoofing"]',
      '["Mail in","attachment","executables"]',
      '["Mail fetch","attachment","executables"]',
    ]);
    expect(named.proxyActions[0]?.rulesets.attachment?.rules[0]?.id).toMatch(/2$/);
    expect(withRuleIds(named, () => "unused")).toEqual(named);
    expect(withoutRuleIds(named)).toEqual(read());
  });
});

describe("rule sentence", () => {
  it.each([
    [
      { when: { fileName: { inList: "executables" } }, action: { kind: "deny" } },
      "If file name is in list executables, deny.",
    ],
    [{ action: { kind: "drop" } }, "Always drop."],
    [
      { when: { none: [{ senderDomain: { inList: "ours" } }, { sender: { is: "" } }] }, action: { kind: "deny" } },
      "If none of (sender domain is in list ours; sender is empty), deny.",
    ],
    [
      { when: { all: [{ sender: { is: "a" } }, { helo: { like: "*x" } }] }, action: { kind: "deny" } },
      "If sender is a and HELO name is like *x, deny.",
    ],
    [
      { when: { any: [{ sender: { is: "a" } }, { helo: { like: "*x" } }] }, action: { kind: "block", minutes: 20 } },
      "If (sender is a or HELO name is like *x), block the source for 20 min.",
    ],
    [
      {
        when: { senderDomain: { in: ["a", "b", "c", "d"] } },
        action: { kind: "deny", reply: { code: 550, text: "No" } },
      },
      'If sender domain is in a, b, c and 1 more, deny with 550 "No".',
    ],
  ] as const)("%#", (rule, sentence) => {
    expect(ruleSentence(rule as Parameters<typeof ruleSentence>[0])).toBe(sentence);
  });
});
