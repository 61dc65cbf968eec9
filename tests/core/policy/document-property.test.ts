import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actionSchema } from "#core/contract/action.ts";
import { smtpProxyActionSchema, smtpRouteSchema } from "#core/contract/policy-document.ts";
import { ruleSchema } from "#core/contract/rule.ts";
import { checkDocument } from "#core/policy/check-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { diffDocuments } from "#core/policy/diff.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";
import { documentArbitrary } from "../../support/policy-arbitrary.ts";

const runs = { numRuns: 25 };

describe("any policy document", () => {
  it("has no problems when its parts fit, and compiles", () => {
    fc.assert(
      fc.property(documentArbitrary, (document) => {
        expect(checkDocument(document)).toEqual([]);
        expect(compilePolicy(document).ok).toBe(true);
      }),
      runs,
    );
  });

  it("is written so that reading it again gives the same document, which does not differ from it in words either", () => {
    fc.assert(
      fc.property(documentArbitrary, (document) => {
        const passedOn = readPolicyDocument(writePolicyDocument(document));
        expect(passedOn).toEqual({ ok: true, document });
        expect(passedOn.ok && diffDocuments(document, passedOn.document)).toEqual([]);
      }),
      runs,
    );
  });

  it("differs from another one exactly when it is another one", () => {
    fc.assert(
      fc.property(documentArbitrary, documentArbitrary, (before, after) => {
        const changes = diffDocuments(before, after);
        expect(changes.length > 0).toBe(writePolicyDocument(before) !== writePolicyDocument(after));
        for (const { words, details } of changes) {
          expect([words, ...details].join("\n")).not.toMatch(/\[object Object\]|\bundefined\b/);
        }
      }),
      runs,
    );
  });
});

describe("the arbitrary of policy documents", () => {
  it("reaches every kind of action, every limit and setting of SMTP, and every property of routes and rules", () => {
    const samples = fc.sample(documentArbitrary, { numRuns: 60, seed: 3 });
    const actions = samples.flatMap(({ proxyActions }) => proxyActions);
    const usual = smtpProxyActionSchema.parse({ name: "x", protocol: "smtp", direction: "incoming" });
    const smtp = actions.filter((action) => action.protocol === "smtp");
    for (const section of ["limits", "settings"] as const) {
      const changed = smtp.flatMap((action) => changedKeys(usual[section], action[section]));
      expect(new Set(changed)).toEqual(new Set(Object.keys(usual[section])));
    }
    const rules = actions.flatMap(({ rulesets }) => Object.values(rulesets).flatMap((ruleset) => ruleset?.rules ?? []));
    expect(new Set(rules.map(({ action }) => action.kind))).toEqual(new Set(kindsOf(actionSchema.out)));
    expect(new Set(rules.flatMap((rule) => Object.keys(rule)))).toEqual(new Set(Object.keys(ruleSchema.shape)));
    const routes = samples.flatMap((document) => document.routes.flatMap((route) => Object.keys(route)));
    expect(new Set(routes)).toEqual(new Set(Object.keys(smtpRouteSchema.shape)));
  });
});

function changedKeys(usual: object, given: object): string[] {
  const known = new Map(Object.entries(usual));
  return Object.entries(given).flatMap(([key, value]) =>
    JSON.stringify(value) === JSON.stringify(known.get(key)) ? [] : [key],
  );
}

function kindsOf({ options }: { options: readonly { shape: { kind: { value: string } } }[] }): string[] {
  return options.map(({ shape }) => shape.kind.value);
}
