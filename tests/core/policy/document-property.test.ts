import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actionSchema } from "#core/contract/action.ts";
import { contentSettingsSchema, senderAuthSchema } from "#core/contract/content-settings.ts";
import { dictionarySchema } from "#core/contract/dictionary.ts";
import { noticeSchema } from "#core/contract/notice.ts";
import {
  listSchema,
  type PolicyDocument,
  policySchema,
  pop3ProxyActionSchema,
  pop3RouteSchema,
  smtpProxyActionSchema,
  smtpRouteSchema,
} from "#core/contract/policy-document.ts";
import { policyTestSchema } from "#core/contract/policy-test.ts";
import { pop3SettingsSchema } from "#core/contract/pop3-settings.ts";
import { ruleSchema } from "#core/contract/rule.ts";
import { scannerSchema } from "#core/contract/scanner.ts";
import { checkDocument } from "#core/policy/check-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { diffDocuments } from "#core/policy/diff.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";
import { documentArbitrary } from "../../support/policy-arbitrary.ts";

const runs = { numRuns: 12, endOnFailure: true };

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

  it("keeps the comments that stand above the conditions of its rules, once it was read and written", () => {
    fc.assert(
      fc.property(documentArbitrary, (document) => {
        let notes = 0;
        const noted = writePolicyDocument(document).replaceAll(/^( +)when:/gm, (line, indent: string) => {
          return `${indent}# note ${notes++}.\n${line}`;
        });
        const read = readPolicyDocument(noted);
        if (!read.ok) throw new Error(`${JSON.stringify(read.problems)}\n${noted}`);
        expect(withoutComments(read.document)).toEqual(withoutComments(document));
        const written = writePolicyDocument(read.document);
        for (let note = 0; note < notes; note++) expect(written).toContain(`# note ${note}.\n`);
        expect(readPolicyDocument(written)).toEqual(read);
      }),
      { ...runs, numRuns: 6 },
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
  const samples = fc.sample(documentArbitrary, { numRuns: 100, seed: 3 });
  const actions = samples.flatMap(({ proxyActions }) => proxyActions);
  const named = { name: "x", direction: "incoming" } as const;

  it.each([
    ["SMTP", smtpProxyActionSchema.parse({ ...named, protocol: "smtp" })],
    ["POP3", pop3ProxyActionSchema.parse({ ...named, protocol: "pop3" })],
  ])("reaches every limit and setting of %s", (_, usual) => {
    for (const section of ["limits", "settings"] as const) {
      const given = actions.filter(({ protocol }) => protocol === usual.protocol);
      const changed = given.flatMap((action) => changedKeys(usual[section], action[section]));
      expect(new Set(changed)).toEqual(new Set(Object.keys(usual[section])));
    }
  });

  it("reaches every property of the other sections, and every setting of looking into messages and checking senders", () => {
    const shapes = [
      [samples.flatMap(({ lists }) => lists), listSchema],
      [samples.flatMap(({ lists }) => lists.flatMap(({ feed = [] }) => feed)), listSchema.shape.feed.unwrap()],
      [samples.flatMap(({ scanners }) => scanners), scannerSchema],
      [samples.flatMap(({ dictionaries }) => dictionaries), dictionarySchema],
      [
        samples.flatMap((one) => one.dictionaries.flatMap(({ entries }) => entries)),
        dictionarySchema.shape.entries.element,
      ],
      [samples.flatMap(({ notices }) => notices), noticeSchema],
      [samples.flatMap(({ tests }) => tests), policyTestSchema],
    ] as const;
    for (const [given, { shape }] of shapes)
      expect(new Set(given.flatMap((one) => Object.keys(one)))).toEqual(new Set(Object.keys(shape)));
    const usual = contentSettingsSchema.parse({});
    expect(new Set(actions.flatMap(({ content }) => changedKeys(usual, content)))).toEqual(
      new Set(Object.keys(contentSettingsSchema.shape)),
    );
    const senderAuth = actions.flatMap((one) => (one.protocol === "smtp" ? [one.settings.senderAuth] : []));
    const unchecked = senderAuthSchema.parse({});
    expect(new Set(senderAuth.flatMap((given) => changedKeys(unchecked, given)))).toEqual(
      new Set(Object.keys(senderAuthSchema.shape)),
    );
  });

  it("reaches every login, capability and deletion of POP3", () => {
    const usual = pop3SettingsSchema.parse({});
    const settings = actions.flatMap((action) => (action.protocol === "pop3" ? [action.settings] : []));
    for (const group of ["auth", "capabilities", "deletion"] as const) {
      const changed = settings.flatMap((given) => changedKeys(usual[group], given[group]));
      expect(new Set(changed)).toEqual(new Set(Object.keys(usual[group])));
    }
    expect(new Set(settings.map(({ auth }) => auth.clearText))).toEqual(new Set(["where-no-tls", "never", "always"]));
  });

  it("reaches every kind of action, and every property of rules, routes and policies", () => {
    const rules = actions.flatMap(({ rulesets }) => Object.values(rulesets).flatMap((ruleset) => ruleset?.rules ?? []));
    expect(new Set(rules.map(({ action }) => action.kind))).toEqual(new Set(kindsOf(actionSchema.out)));
    expect(new Set(rules.flatMap((rule) => Object.keys(rule)))).toEqual(new Set(Object.keys(ruleSchema.shape)));
    for (const [protocol, schema] of [["smtp", smtpRouteSchema] as const, ["pop3", pop3RouteSchema] as const]) {
      const routes = samples.flatMap((document) => document.routes.filter((route) => route.protocol === protocol));
      expect(new Set(routes.flatMap((route) => Object.keys(route)))).toEqual(new Set(Object.keys(schema.shape)));
    }
    const policies = samples.flatMap((document) => document.policies);
    expect(new Set(policies.flatMap((policy) => Object.keys(policy)))).toEqual(
      new Set(Object.keys(policySchema.shape)),
    );
    const places = policies.flatMap(({ to }) =>
      Object.entries(to).filter(([, value]) => JSON.stringify(value) !== "[]"),
    );
    expect(new Set(places.map(([key]) => key))).toEqual(new Set(Object.keys(policySchema.shape.to.shape)));
    const listeners = policies.filter(({ protocol }) => protocol === "pop3").flatMap(({ listen }) => listen);
    expect(new Set(listeners.map(({ tls }) => tls?.mode))).toEqual(
      new Set([undefined, "none", "allowed", "required", "implicit"]),
    );
  });
});

function withoutComments(document: PolicyDocument): unknown {
  return JSON.parse(JSON.stringify(document, (key, value) => (key === "whenText" ? undefined : value)));
}

function changedKeys(usual: object, given: object): string[] {
  const known = new Map(Object.entries(usual));
  return Object.entries(given).flatMap(([key, value]) =>
    JSON.stringify(value) === JSON.stringify(known.get(key)) ? [] : [key],
  );
}

function kindsOf({ options }: { options: readonly { shape: { kind: { value: string } } }[] }): string[] {
  return options.map(({ shape }) => shape.kind.value);
}
