import { describe, expect, it } from "vitest";
import type { Condition } from "#core/contract/condition.ts";
import { type Problem, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { type CompiledMailPolicy, compilePolicy } from "#core/policy/compile.ts";
import type { CompiledEnvelope } from "#core/policy/compile-envelope.ts";
import { decide } from "#core/policy/decide.ts";
import { seededRandom } from "../../support/seeded-random.ts";

type Parts = { settings?: unknown; rulesets?: unknown; routes?: unknown[]; protocol?: "smtp" | "pop3" };

function compile({ settings = {}, rulesets = {}, routes = [], protocol = "smtp" }: Parts) {
  const pop3 = protocol === "pop3";
  const target = { targets: [{ host: "127.0.0.1", port: 25 }] };
  return compilePolicy(
    policyDocumentSchema.parse({
      version: 1,
      interfaces: [{ name: "External", zone: "external" }],
      lists: [
        { name: "partners", kind: "domains", entries: ["partner.test", ".partner.test"] },
        { name: "people", kind: "addresses", entries: ["Bob@inside.test"] },
        { name: "nets", kind: "networks", entries: ["192.0.2.0/24"] },
      ],
      routes: [
        { name: "inside", protocol, ...target },
        { name: "partners", protocol: "smtp", ...target },
        { name: "mailboxes", protocol: "pop3", ...target },
      ],
      proxyActions: [{ name: "act", protocol, direction: "incoming", ...(pop3 ? {} : { settings, rulesets }) }],
      policies: [
        {
          name: "In",
          protocol,
          from: { interface: "External" },
          to: { interface: "External", route: "inside", routes },
          listen: [{ address: "127.0.0.1", port: 2525 }],
          proxyAction: "act",
        },
      ],
    }),
  );
}

function compiledPolicy(parts: Parts): CompiledMailPolicy {
  const result = compile(parts);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const policy = result.policy.listeners[0]?.policies[0];
  if (policy === undefined) throw new Error("no policy");
  return policy;
}

function envelopeOf(parts: Parts): CompiledEnvelope {
  const { envelope } = compiledPolicy(parts).action;
  if (envelope === null) throw new Error("no envelope");
  return envelope;
}

function problems(parts: Parts): Problem[] {
  const result = compile(parts);
  return result.ok ? [] : result.problems;
}

describe("the route of a recipient", () => {
  it("is the first whose domain test fits one of the spellings, else the policy's own", () => {
    const { routeOf } = compiledPolicy({
      routes: [
        { recipientDomain: { inList: "partners" }, route: "partners" },
        { recipientDomain: { like: "*" }, route: "inside" },
      ],
    });
    expect(routeOf(["SUB.Partner.test"]).name).toBe("partners");
    expect(routeOf(["elsewhere.test", "partner.test"]).name).toBe("partners");
    expect(routeOf(["elsewhere.test"]).name).toBe("inside");
    expect(compiledPolicy({}).routeOf(["any.test"]).name).toBe("inside");
  });
  it.each([
    [{ recipientDomain: { is: "a" }, route: "nowhere" }, "unknown-name", ["route"]],
    [{ recipientDomain: { is: "a" }, route: "mailboxes" }, "wrong-kind", ["route"]],
    [{ recipientDomain: { inList: "none" }, route: "partners" }, "unknown-name", ["recipientDomain", "inList"]],
    [{ recipientDomain: { inList: "nets" }, route: "partners" }, "wrong-kind", ["recipientDomain", "inList"]],
    [{ recipientDomain: { pattern: "(" }, route: "partners" }, "bad-pattern", ["recipientDomain", "pattern"]],
  ])("a document with %j is refused, and where", (route, code, place) => {
    expect(problems({ routes: [route] })).toMatchObject([{ code, path: ["policies", 0, "to", "routes", 0, ...place] }]);
  });
  it("is for SMTP only", () => {
    const routes = [{ recipientDomain: { is: "a" }, route: "partners" }];
    expect(problems({ protocol: "pop3", routes })).toMatchObject([{ code: "illegal" }]);
  });
});

describe("TLS rules", () => {
  const tlsRules = [
    { name: "pair", senderDomain: { is: "a.test" }, recipientDomain: { is: "b.test" }, upstream: "required" },
    { name: "sender", senderDomain: { is: "a.test" }, client: "required" },
    { name: "rest", upstream: "preferred" },
  ];
  it("the first that fits both domains decides", () => {
    const { tlsRuleOf } = envelopeOf({ settings: { tlsRules } });
    expect(tlsRuleOf(["A.test"], ["B.test"])?.name).toBe("pair");
    expect(tlsRuleOf(["a.test"], ["c.test"])?.name).toBe("sender");
    expect(tlsRuleOf([""], ["b.test"])?.name).toBe("rest");
    expect(envelopeOf({}).tlsRuleOf(["a.test"], ["b.test"])).toBeNull();
  });
  it("tell for a sender alone only what holds whoever the recipient is", () => {
    const { tlsRuleOfSender } = envelopeOf({ settings: { tlsRules } });
    expect(tlsRuleOfSender(["a.test"])).toBeNull();
    expect(tlsRuleOfSender(["x.test"])?.name).toBe("rest");
  });
  it.each([
    [{ tlsRules: [{ name: "x", senderDomain: { inList: "none" } }] }, ["tlsRules", 0, "senderDomain", "inList"]],
    [{ recipientVerification: { mode: "list", list: "none" } }, ["recipientVerification", "list"]],
  ])("and lists of recipients that name no list are refused: %j", (settings, place) => {
    expect(problems({ settings })).toMatchObject([
      { code: "unknown-name", path: ["proxyActions", 0, "settings", ...place] },
    ]);
  });
});

describe("rewrites in a document", () => {
  const rule = (action: unknown) => ({ rules: [{ name: "r", action }] });
  it("are refused where the pattern is bad or a sender would become several", () => {
    const path = ["proxyActions", 0, "rulesets"];
    expect(problems({ rulesets: { recipient: rule({ rewrite: { pattern: "(", to: "a@b" } }) } })).toMatchObject([
      { code: "bad-pattern", path: [...path, "recipient", "rules", 0, "action", "pattern"] },
    ]);
    const aliases = { "a@b.test": ["c@d.test", "e@f.test"] };
    expect(problems({ rulesets: { sender: rule({ rewrite: { aliases } }) } })).toMatchObject([
      { code: "illegal", path: [...path, "sender", "rules", 0, "action", "aliases", "a@b.test"] },
    ]);
    expect(problems({ rulesets: { recipient: rule({ rewrite: { aliases } }) } })).toEqual([]);
  });
});

describe("the treatment of a recipient", () => {
  const now = Date.parse("2026-11-27T12:00:00Z");
  const facts = (address: string) => ({ recipient: [address], recipientDomain: [address.split("@")[1] ?? ""] });

  it("differs by tests about recipients in content rules, at any depth, and by nothing else", () => {
    const rules = [
      {
        name: "deep",
        when: { any: [{ subject: { is: "x" } }, { none: [{ recipientDomain: { is: "b.test" } }] }] },
        action: "deny",
      },
    ];
    const { treatmentOf } = envelopeOf({ rulesets: { message: { rules } } });
    const treatments = ["x@a.test", "y@a.test", "x@b.test"].map((address) => treatmentOf(facts(address), now));
    expect(treatments[0]).toBe(treatments[1]);
    expect(treatments[0]).not.toBe(treatments[2]);
    const recipients = { rules: [{ name: "own", when: { recipient: { is: "x@a.test" } }, action: "deny" }] };
    const other = envelopeOf({ rulesets: { recipient: recipients } });
    expect(other.treatmentOf(facts("x@a.test"), now)).toBe(other.treatmentOf(facts("y@b.test"), now));
  });
  it("counts a rule that has expired no more", () => {
    const rules = [
      { name: "old", when: { recipient: { is: "x@a.test" } }, action: "deny", expires: "2026-11-27T12:00:00Z" },
    ];
    const { treatmentOf } = envelopeOf({ rulesets: { header: { rules } } });
    const differ = (at: number) => treatmentOf(facts("x@a.test"), at) !== treatmentOf(facts("y@a.test"), at);
    expect([differ(now - 1), differ(now)]).toEqual([true, false]);
  });

  const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
  it(`that is the same means the same verdict of content rules, whatever they are (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const domains = ["a.test", "b.test", "sub.a.test"];
    const addresses = domains.flatMap((domain) => [`x@${domain}`, `y@${domain}`]);
    const test = (): Condition =>
      pick<() => Condition>([
        () => ({ recipient: { is: pick(addresses) } }),
        () => ({ recipient: { like: pick(["x@*", "*a.test", "*"]) } }),
        () => ({ recipientDomain: { in: [pick(domains), pick(domains)] } }),
        () => ({ recipientDomain: { pattern: pick(["^sub", "a", "^$"]) }, subject: { is: pick(["s", "t"]) } }),
        () => ({ subject: { is: pick(["s", "t"]) } }),
      ])();
    const condition = (depth: number): Condition =>
      depth === 0 || random() < 0.4
        ? test()
        : { [pick(["all", "any", "none"])]: [condition(depth - 1), condition(depth - 1)] };
    for (let round = 0; round < 150; round++) {
      const rules = Array.from({ length: 4 }, (_, n) => ({
        name: `rule ${n}`,
        when: condition(3),
        action: pick(["allow", "deny", "tempfail"]),
      }));
      const policy = compiledPolicy({ rulesets: { message: { rules } } });
      const verdicts = new Map<string, string>();
      for (const address of addresses) {
        const readings = { ...facts(address), subject: [pick(["s"])] };
        const treatment = policy.action.envelope?.treatmentOf(readings, now) ?? "";
        const verdict = decide(policy.action, "message", readings, now).rule?.name ?? "none matched";
        expect(verdicts.get(treatment) ?? verdict).toBe(verdict);
        verdicts.set(treatment, verdict);
      }
    }
  });
});
