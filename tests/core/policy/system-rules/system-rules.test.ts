import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settingPaths } from "#components/proxy-actions/setting-kind.ts";
import { stagesByProtocol } from "#core/contract/facts.ts";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import type { SystemRule } from "#core/policy/system-rules/system-rule.ts";
import { systemRules } from "#core/policy/system-rules/system-rules.ts";
import { documentArbitrary } from "../../../support/policy-arbitrary.ts";

type Settings = { action?: object; route?: object; policy?: object; scanners?: object[] };

function rulesOf({ action = {}, route = {}, policy = {}, scanners = [] }: Settings): SystemRule[] {
  const document = policyDocumentSchema.parse({
    version: 1,
    scanners,
    routes: [{ name: "inside", protocol: "smtp", targets: [{ host: "127.0.0.1", port: 25 }], ...route }],
    proxyActions: [{ name: "Mail", protocol: "smtp", direction: "incoming", ...action }],
    policies: [
      {
        name: "In",
        protocol: "smtp",
        from: { interface: "External" },
        to: { interface: "Trusted", route: "inside" },
        listen: [{ address: "127.0.0.1", port: 2525 }],
        proxyAction: "Mail",
        ...policy,
      },
    ],
  });
  return rulesOfPolicy(document, document.policies[0]?.name ?? "");
}

function rulesOfPolicy(document: PolicyDocument, name: string): SystemRule[] {
  const policy = document.policies.find((one) => one.name === name);
  const action = document.proxyActions.find((one) => one.name === policy?.proxyAction);
  const route = document.routes.find((one) => one.name === policy?.to.route);
  if (policy === undefined || action === undefined || route === undefined) return [];
  return systemRules(policy, action, route, document.scanners);
}

function about(rules: SystemRule[], words: RegExp): SystemRule | undefined {
  return rules.find((rule) => words.test(rule.words));
}

describe("what always happens around the rules", () => {
  it("stands in the order of the session, in whole sentences, and names settings that there are", () => {
    fc.assert(
      fc.property(documentArbitrary, (document) => {
        for (const { name, protocol } of document.policies) {
          const order = [...stagesByProtocol[protocol], null];
          const rules = rulesOfPolicy(document, name);
          const places = rules.map(({ before }) => order.indexOf(before));
          expect(places).toEqual(places.toSorted((a, b) => a - b));
          expect(places).not.toContain(-1);
          expect(new Set(rules.map(({ words }) => words)).size).toBe(rules.length);
          for (const { words, setting } of rules) {
            expect(words).toMatch(/^[A-Z].*\.$/);
            if (setting?.of === "proxy action") expect(settingPaths(protocol)).toContain(setting.path);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("tells the value that is set", () => {
    const rules = rulesOf({ action: { limits: { recipientsMax: 7 }, settings: { bareLineEnds: "normalise" } } });
    expect(about(rules, /More recipients of one message/)).toMatchObject({
      before: "recipient",
      value: 7,
      setting: { of: "proxy action", path: "limits.recipientsMax" },
    });
    expect(about(rules, /CR or LF/)?.words).toBe("A CR or LF that stands alone becomes CRLF, and ends nothing.");
  });

  it("says that no rule is asked where the policy takes no mail", () => {
    expect(about(rulesOf({}), /no rule is asked/)).toBeUndefined();
    expect(about(rulesOf({ policy: { disposition: "refuse-554" } }), /no rule is asked/)).toMatchObject({
      value: "refuse-554",
      setting: { of: "policy" },
    });
  });

  it.each([
    [{}, "Each recipient is asked of the server of the route, and the client hears its answer."],
    [{ route: { delivery: "spool" } }, "A recipient that the server of the route does not know is refused with 550."],
    [
      { route: { delivery: "spool" }, action: { direction: "outgoing" } },
      "Recipients are not checked before their mail is accepted.",
    ],
    [
      {
        route: { delivery: "spool" },
        action: { settings: { recipientVerification: { mode: "list", list: "people" } } },
      },
      "A recipient that is not in this list is refused with 550.",
    ],
  ])("says who knows the recipients (%j)", (settings, words) => {
    expect(rulesOf(settings).map((rule) => rule.words)).toContain(words);
  });

  it.each([
    ["tempfail", "When the scanner av gives no verdict, the message hears 451 and comes again."],
    ["pass", "When the scanner av gives no verdict, it counts as clean."],
    ["match", "When the scanner av gives no verdict, rules about malware match."],
  ])("says what a scanner's failure means (%s)", (onFailure, words) => {
    const av = { name: "av", kind: "clamd", at: { host: "127.0.0.1", port: 3310 }, onFailure };
    const asked = rulesOf({ scanners: [av], action: { content: { scanners: ["av"] } } });
    expect(about(asked, /scanner/)).toMatchObject({ before: "message", words, setting: { of: "scanner", name: "av" } });
    expect(about(rulesOf({ scanners: [av] }), /scanner/)).toBeUndefined();
  });
});
