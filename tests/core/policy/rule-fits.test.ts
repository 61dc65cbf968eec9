import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Protocol, type Stage, stagesByProtocol } from "#core/contract/facts.ts";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { ruleSchema } from "#core/contract/rule.ts";
import { checkDocument } from "#core/policy/check-document.ts";
import { ruleFits } from "#core/policy/rule-fits.ts";
import { documentArbitrary } from "../../support/policy-arbitrary.ts";

function fits(rule: object, protocol: Protocol, stage: Stage): boolean {
  return ruleFits(ruleSchema.parse({ name: "r", action: "deny", ...rule }), protocol, stage);
}

describe("a rule fits into a ruleset", () => {
  it.each([
    [{}, "smtp", "sender", true],
    [{ when: { recipient: { is: "a@b" } } }, "smtp", "sender", false],
    [{ when: { recipient: { is: "a@b" } } }, "smtp", "message", true],
    [{ when: { any: [{ sender: { is: "a@b" } }, { none: [{ subject: { is: "x" } }] }] } }, "smtp", "recipient", false],
    [{ action: "strip" }, "smtp", "attachment", true],
    [{ action: "strip" }, "smtp", "recipient", false],
    [{ action: "deny" }, "pop3", "message", false],
  ] as const)("%j into %s %s: %s", (rule, protocol, stage, answer) => {
    expect(fits(rule, protocol, stage)).toBe(answer);
  });

  it("where the check of the document does not call it illegal", () => {
    fc.assert(
      fc.property(documentArbitrary, fc.constantFrom<Protocol>("smtp", "pop3"), (document, protocol) => {
        const [action] = document.proxyActions;
        const rules = Object.values(action?.rulesets ?? {}).flatMap((ruleset) => ruleset?.rules ?? []);
        for (const stage of stagesByProtocol[protocol])
          for (const { id: _, ...rule } of rules) {
            const moved = policyDocumentSchema.parse({
              version: 1,
              proxyActions: [{ name: "x", protocol, direction: "incoming", rulesets: { [stage]: { rules: [rule] } } }],
            });
            const misplaced = checkDocument(moved).some(
              ({ code, message }) => code === "illegal" && /is not (?:possible|known) in the/.test(message),
            );
            expect(ruleFits(rule, protocol, stage)).toBe(!misplaced);
          }
      }),
      { numRuns: 15 },
    );
  });
});
