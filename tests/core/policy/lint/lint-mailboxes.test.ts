import { describe, expect, it } from "vitest";
import { ruleSchema } from "#core/contract/rule.ts";
import { lintDocument } from "#core/policy/lint/lint-document.ts";
import { mailboxPolicy, type Over, provider } from "../../../support/mailbox-policy.ts";

const now = Date.parse("2026-11-27T12:00:00Z");

const outside = { interface: "External" };
const findings = (over: Over) => lintDocument(mailboxPolicy(over), now);
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
    [
      "no-tls-outside",
      { from: outside, listen: clear, settings: { auth: { userPass: false, mechanisms: ["SCRAM-SHA-256"] } } },
    ],
    ["login-without-tls-listener", { listen: clear, settings: { auth: { clearText: "never" } } }],
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
      const document = mailboxPolicy({
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
    expect(
      worst({ from: outside, listen: clear, settings: { auth: { userPass: false, mechanisms: ["SCRAM-SHA-1"] } } }),
    ).toBe("warning");
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
    const unused = lintDocument(mailboxPolicy({ to, more }), now).filter(({ code }) => code === "unused");
    expect(unused.map(({ what }) => what)).toEqual(['Nothing uses the route "fourth".']);
  });
});
