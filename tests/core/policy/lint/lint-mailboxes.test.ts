import { describe, expect, it } from "vitest";
import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { ruleSchema } from "#core/contract/rule.ts";
import { lintDocument } from "#core/policy/lint/lint-document.ts";

const now = Date.parse("2026-11-27T12:00:00Z");

type Over = {
  settings?: { auth?: object; [setting: string]: unknown };
  limits?: object;
  commands?: object[];
  noneMatched?: object;
  content?: object;
  route?: object;
  from?: { interface: string; sources?: string[] };
  to?: { interface?: string; [setting: string]: unknown };
  policy?: object;
  listen?: object;
  more?: object;
};

const secured = { mode: "implicit", certificates: ["mail"] };
const outside = { interface: "External" };
const provider = { host: "pop.provider.test", port: 995 };

/** Inside programs fetch from a provider: with TLS on both legs, and nothing against it. */
function documentOf(over: Over = {}): PolicyDocument {
  const {
    settings = {},
    limits = {},
    commands = [],
    noneMatched,
    content = {},
    route = {},
    policy = {},
    from = { interface: "Trusted" },
  } = over;
  const place = { interface: "External", route: "provider", ...over.to };
  const rules = commands.map((rule, n) => ({ name: `rule ${n + 1}`, action: "deny", ...rule }));
  const command = { rules, ...(noneMatched === undefined ? {} : { noneMatched }) };
  return policyDocumentSchema.parse({
    version: 1,
    interfaces: [
      { name: "External", zone: "external" },
      { name: "Trusted", zone: "trusted" },
    ].filter(({ name }) => [from.interface, place.interface].includes(name)),
    routes: [{ name: "provider", protocol: "pop3", targets: [provider], tls: { mode: "implicit" }, ...route }],
    proxyActions: [
      {
        name: "Fetch",
        protocol: "pop3",
        direction: "outgoing",
        limits,
        settings: { ...settings, auth: { apop: false, ...settings.auth } },
        content,
        rulesets: { command },
      },
    ],
    policies: [
      {
        name: "Fetch",
        protocol: "pop3",
        from,
        to: place,
        listen: [{ address: "192.0.2.10", port: 2110, tls: secured, ...over.listen }],
        proxyAction: "Fetch",
        ...policy,
      },
    ],
    ...over.more,
  });
}

const findings = (over: Over) => lintDocument(documentOf(over), now);
const codes = (over: Over) => findings(over).map(({ code }) => code);
const denied = (...names: string[]): Over => ({ commands: [{ when: { command: { in: names } } }] });
const clear = { tls: undefined };

describe("the lint of POP3", () => {
  it("has nothing to say of a sound policy", () => {
    expect(findings({})).toEqual([]);
    expect(findings({ from: outside, to: { interface: "Trusted" } })).toEqual([]);
  });

  it.each<[string, Over]>([
    // Settings.
    ["clear-text-always", { settings: { auth: { clearText: "always" } } }],
    ["apop-allowed", { settings: { auth: { apop: true } } }],
    ["auth-mechanisms-missing", { settings: { auth: { mechanisms: ["PLAIN", "LOGIN"] } } }],
    ["short-idle-time", { limits: { idleTimeoutMs: 60_000 } }],
    ["short-lines", { limits: { lineBytesMax: 998 } }],
    ["short-arguments", { limits: { argumentBytesMax: 40 } }],
    ["late-head-start", { settings: { headStartMs: 45_000 } }],
    [
      "verdicts-forgotten",
      {
        settings: { verdictHours: 0 },
        content: { scanners: ["av"] },
        more: { scanners: [{ name: "av", kind: "clamd", at: { socket: "/run/clamd" } }] },
      },
    ],
    ["deletion-refused", { settings: { deletion: { allow: "after-days" } } }],
    ["deletion-pretended", { settings: { deletion: { allow: "after-days", answer: "pretend" } } }],
    ["no-pop3-pipelining", { settings: { capabilities: { pipelining: false } } }],
    ["no-pop3-utf8", { settings: { capabilities: { utf8: false } } }],
    // Commands.
    ["mailbox-unusable", denied("STAT")],
    ["mailbox-unusable", denied("LIST")],
    ["mailbox-unusable", denied("RETR")],
    ["mailbox-unusable", denied("QUIT")],
    ["uidl-denied", denied("UIDL")],
    ["top-denied", denied("TOP")],
    ["dele-denied", denied("DELE")],
    ["capa-not-denied", denied("CAPA")],
    ["stls-denied", { ...denied("STLS"), listen: { tls: { mode: "required", certificates: ["mail"] } } }],
    ["command-never", denied("LAST", "XTND")],
    ["command-never", { commands: [{ when: { command: { like: "X*" } } }] }],
    ["pass-denied", denied("PASS")],
    ["logins-denied", denied("PASS", "AUTH")],
    ["logins-denied", { ...denied("USER", "AUTH"), settings: { auth: { mechanisms: ["PLAIN", "XOAUTH2"] } } }],
    // Listeners.
    ["no-tls-outside", { from: outside, listen: clear }],
    ["no-tls-outside", { from: outside, listen: clear, settings: { auth: { clearText: "never" } } }],
    ["tls-of-port", { listen: { port: 995, tls: { mode: "allowed", certificates: ["mail"] } } }],
    ["tls-of-port", { listen: { port: 995, tls: undefined } }],
    ["tls-of-port", { listen: { port: 110 } }],
    ["proxy-protocol-from-everyone", { listen: { proxyProtocolFrom: ["0.0.0.0/0"] } }],
    // Routes.
    ["login-passed-in-clear", { route: { tls: undefined, targets: [{ ...provider, port: 2110 }] } }],
    ["login-passed-in-clear", { route: { tls: { mode: "preferred" }, targets: [{ ...provider, port: 110 }] } }],
    ["login-passed-to-anyone", { route: { tls: { mode: "implicit", verify: "none" } } }],
    ["tls-of-port", { route: { tls: { mode: "required" } } }],
    ["tls-of-port", { route: { targets: [{ ...provider, port: 110 }] } }],
    ["bridge-passes-others", { route: { bridge: { credentials: ["scanner"] } } }],
    [
      "login-in-clear",
      {
        route: {
          bridge: { credentials: ["a"], others: "refuse" },
          tls: { mode: "none" },
          targets: [{ ...provider, port: 110 }],
        },
        to: { interface: "Trusted" },
      },
    ],
    ...[undefined, { mode: "preferred" }].map((tls): [string, Over] => [
      "bridge-needs-tls",
      {
        route: { bridge: { credentials: ["a"], others: "refuse" }, tls, targets: [{ ...provider, port: 110 }] },
        to: { interface: "Trusted" },
      },
    ]),
    [
      "login-to-anyone",
      {
        route: { bridge: { credentials: ["a"], others: "refuse" }, tls: { mode: "implicit", verify: "none" } },
        to: { interface: "Trusted" },
      },
    ],
    [
      "server-choice-outside",
      { from: outside, to: { serverChoice: { servers: [{ server: "a.test", route: "provider" }] } } },
    ],
    [
      "unused",
      {
        more: {
          interfaces: [
            { name: "External", zone: "external" },
            { name: "Trusted", zone: "trusted" },
            { name: "DMZ", zone: "optional" },
          ],
        },
      },
    ],
  ])("finds %s, and nothing else: %j", (code, over) => {
    expect([...new Set(codes(over))]).toEqual([code]);
  });

  it("says that verdicts are not kept where rules ask the clock, and scanners are asked each time", () => {
    const scanned = (verdictHours: number) => {
      const document = documentOf({
        settings: { verdictHours },
        content: { scanners: ["av"] },
        more: { scanners: [{ name: "av", kind: "clamd", at: { socket: "/run/clamd" } }] },
      });
      const [action] = document.proxyActions;
      if (action !== undefined) {
        const rule = ruleSchema.parse({ name: "at night", when: { hour: { under: 6 } }, action: "quarantine" });
        action.rulesets.message = { rules: [rule], noneMatched: { action: { kind: "allow" }, log: false } };
      }
      return lintDocument(document, now).map(({ code }) => code);
    };
    expect(scanned(24)).toEqual(["verdicts-by-the-clock"]);
    expect(scanned(0)).toEqual(["verdicts-forgotten"]);
  });

  it("tells of a mailbox that is read only what its users will see", () => {
    expect(codes({ settings: { deletion: { allow: "never" } } })).toEqual(["deletion-refused", "deletion-never"]);
  });

  it("calls it harm where passwords can be read, and a warning where only mail can", () => {
    const worst = (over: Over) => findings(over)[0]?.severity;
    expect(worst({ from: outside, listen: clear })).toBe("harm");
    expect(worst({ from: outside, listen: clear, settings: { auth: { clearText: "never" } } })).toBe("warning");
  });

  it("says of a bridge that its passwords come from outside in clear text", () => {
    const route = { bridge: { credentials: ["scanner"], others: "refuse" } };
    expect(codes({ route, from: outside, listen: clear })).toEqual(["no-tls-outside", "bridge-in-clear"]);
    expect(codes({ route, listen: clear })).toEqual([]);
  });

  it("has nothing against servers in clear text on a network of one's own", () => {
    const route = { tls: undefined, targets: [{ host: "192.0.2.1", port: 110 }] };
    expect(codes({ route, to: { interface: "Trusted" } })).toEqual([]);
  });

  it("has nothing against a server in clear text on the worker's own host", () => {
    const route = { tls: undefined, targets: [{ host: "127.0.0.1", port: 2601 }] };
    expect(codes({ route: { ...route, bridge: { credentials: ["a"], others: "refuse" } } })).toEqual([]);
    const away = { ...route, targets: [...route.targets, { host: "192.0.2.1", port: 2601 }] };
    expect(codes({ route: away })).toEqual(["login-passed-in-clear"]);
  });

  it("has nothing against a listener in clear text that only the worker's own host reaches", () => {
    const listen = { ...clear, address: "127.0.0.1" };
    expect(codes({ from: outside, listen })).toEqual([]);
    expect(codes({ from: outside, listen: { ...listen, proxyProtocolFrom: ["127.0.0.1"] } })).toEqual([
      "no-tls-outside",
    ]);
  });

  it("leaves policies alone that are disabled", () => {
    expect(codes({ from: outside, policy: { enabled: false }, listen: clear })).toEqual([]);
  });

  it("has nothing against a choice of servers for networks that are named", () => {
    const from = { interface: "External", sources: ["192.0.2.0/24"] };
    const serverChoice = { servers: [{ server: "a.test", route: "provider" }] };
    expect(codes({ from, to: { serverChoice } })).toEqual([]);
  });
});

describe("the lint of POP3 commands", () => {
  it("points to the rule, or to none matched", () => {
    const at = ["proxyActions", 0, "rulesets", "command"];
    const rules = [{ when: { command: { is: "NOOP" } } }, { when: { command: { is: "TOP" } } }];
    expect(findings({ commands: rules })).toMatchObject([{ code: "top-denied", path: [...at, "rules", 1] }]);
    const known = ["STAT", "LIST", "RETR", "QUIT", "USER", "PASS", "UIDL", "DELE", "CAPA", "AUTH"];
    const allowList = [{ when: { command: { in: known } }, action: "allow" }];
    expect(findings({ commands: allowList, noneMatched: { action: "deny" } })).toMatchObject([
      { code: "top-denied", path: [...at, "noneMatched"] },
    ]);
  });

  it.each<[string, object]>([
    ["denies in clear text only", { when: { command: { is: "RETR" }, tls: { is: "" } } }],
    ["denies to some users only", { when: { command: { is: "UIDL" }, user: { is: "anna" } } }],
    ["denies to some networks only", { when: { command: { is: "TOP" }, clientAddress: { in: ["10.0.0.0/8"] } } }],
    ["is only watched", { state: "observe", when: { command: { is: "DELE" } } }],
    ["names a command of no standard, too", { when: { command: { in: ["LAST", "NOOP"] } } }],
    ["is off", { state: "off", when: { command: { is: "DELE" } } }],
    ["expired", { expires: "2026-11-01T00:00:00Z", when: { command: { is: "DELE" } } }],
    ["denies one mechanism of several", { when: { command: { is: "AUTH" }, authMechanism: { is: "PLAIN" } } }],
    ["denies TLS where none is offered that begins later", { when: { command: { is: "STLS" } } }],
  ])("does not mind a rule that %s", (_, rule) => {
    expect(codes({ commands: [rule] }).filter((code) => code !== "rule-expired")).toEqual([]);
  });
});

describe("the lint of routes by user", () => {
  const lists = [
    { name: "branches", kind: "domains", entries: ["north.test", ".north.test"] },
    { name: "odd", kind: "patterns", entries: ["*"] },
  ];
  const shadowed = (...userRoutes: object[]) => {
    const document = documentOf({
      to: { userRoutes: userRoutes.map((one) => ({ route: "provider", ...one })) },
      more: { lists },
    });
    const found = lintDocument(document, now).filter(({ code }) => code === "user-route-shadowed");
    return found.map(({ path }) => path.at(-1));
  };

  it.each<[string, object[], number[]]>([
    ["the same", [{ domain: { is: "a.test" } }, { domain: { is: "A.test" } }], [1]],
    ["narrower by a wildcard", [{ domain: { like: "*.test" } }, { domain: { is: "a.test" } }], [1]],
    [
      "narrower by a second test",
      [{ domain: { is: "a.test" } }, { user: { like: "x*" }, domain: { is: "a.test" } }],
      [1],
    ],
    ["users of a domain", [{ domain: { is: "a.test" } }, { user: { in: ["x@a.test", "y@A.test"] } }], [1]],
    ["users of domains in a list", [{ domain: { inList: "branches" } }, { user: { is: "x@sub.north.test" } }], [1]],
    ["users who have no domain", [{ domain: { is: "" } }, { user: { in: ["x", "y"] } }], [1]],
    ["another domain", [{ domain: { is: "a.test" } }, { domain: { is: "b.test" } }], []],
    ["users of several domains", [{ domain: { is: "a.test" } }, { user: { in: ["x@a.test", "x@b.test"] } }], []],
    ["broader", [{ user: { is: "x@a.test" } }, { domain: { is: "a.test" } }], []],
    ["what cannot be told in time", [{ domain: { inList: "odd" } }, { user: { is: "x@a.test" } }], []],
  ])("%s: those that are never taken are %j", (_, userRoutes, places) => {
    expect(shadowed(...userRoutes)).toEqual(places);
  });

  it("is a note where both lead to the same route, and a warning where they do not", () => {
    const more = {
      routes: ["provider", "other"].map((name) => ({
        name,
        protocol: "pop3",
        targets: [provider],
        tls: { mode: "implicit" },
      })),
    };
    const severity = (route: string) => {
      const userRoutes = [
        { domain: { is: "a.test" }, route: "provider" },
        { domain: { is: "a.test" }, route },
      ];
      return lintDocument(documentOf({ to: { userRoutes }, more }), now).find(
        ({ code }) => code === "user-route-shadowed",
      )?.severity;
    };
    expect([severity("provider"), severity("other")]).toEqual(["note", "warning"]);
  });

  it("ends soon with as many routes as there can be", () => {
    const userRoutes = Array.from({ length: 200 }, (_, n) => ({
      user: { in: Array.from({ length: 500 }, (_, m) => `u${m}@d${n}.test`) },
      domain: { pattern: `^d${n}` },
    }));
    const start = performance.now();
    expect(shadowed(...userRoutes)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(8_000);
  });
});

describe("what a POP3 policy uses", () => {
  it("are the routes by user and those that clients choose, too", () => {
    const more = {
      routes: ["provider", "second", "third", "fourth"].map((name) => ({
        name,
        protocol: "pop3",
        targets: [provider],
        tls: { mode: "implicit" },
      })),
    };
    const to = {
      userRoutes: [{ domain: { is: "a.test" }, route: "second" }],
      serverChoice: { servers: [{ server: "a.test", route: "third" }] },
    };
    const unused = lintDocument(documentOf({ to, more }), now).filter(({ code }) => code === "unused");
    expect(unused.map(({ what }) => what)).toEqual(['Nothing uses the route "fourth".']);
  });
});
