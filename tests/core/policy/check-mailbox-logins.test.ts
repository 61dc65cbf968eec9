import { describe, expect, it } from "vitest";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { checkDocument } from "#core/policy/check-document.ts";
import { lintDocument } from "#core/policy/lint/lint-document.ts";

type Parts = { auth?: object; bridge?: object; to?: object; listen?: object[] };

const clear = { address: "127.0.0.1", port: 2110 };
const starttls = { address: "127.0.0.1", port: 2111, tls: { mode: "allowed", certificates: ["mail"] } };
const servers = [{ server: "other.test", route: "other" }];
const severalRoutes = { serverChoice: { servers } };

/** `where: what is wrong`, a line each. */
function problems({ auth = {}, bridge, to = {}, listen = [clear] }: Parts): string[] {
  const targets = [{ host: "127.0.0.1", port: 110 }];
  const document = policyDocumentSchema.parse({
    version: 1,
    interfaces: [{ name: "Trusted", zone: "trusted" }],
    routes: [
      { name: "mailbox", protocol: "pop3", targets, ...(bridge === undefined ? {} : { bridge }) },
      { name: "other", protocol: "pop3", targets },
    ],
    proxyActions: [{ name: "Fetch", protocol: "pop3", direction: "outgoing", settings: { auth } }],
    policies: [
      {
        name: "Fetch",
        protocol: "pop3",
        from: { interface: "Trusted" },
        to: { interface: "Trusted", route: "mailbox", ...to },
        listen,
        proxyAction: "Fetch",
      },
    ],
  });
  return checkDocument(document).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const only = (...mechanisms: string[]) => ({ userPass: false, apop: false, mechanisms });
const inTime =
  /^policies\.0\.to: the server of a login is known once its user is.* allow USER and PASS, PLAIN or LOGIN$/;
const noTls =
  /^policies\.0\.listen\.0: "Fetch" takes no secret in clear text.* give it TLS, or let clear text be where-no-tls$/;

describe("a POP3 policy through which nobody could log in is refused, with what to do", () => {
  it("where the proxy action allows no login", () => {
    expect(problems({ auth: only() })).toEqual([
      "proxyActions.0.settings.auth: nobody could log in: allow USER and PASS, APOP, or a mechanism of AUTH",
    ]);
  });

  it.each<[string, Parts, RegExp]>([
    ["APOP alone with several routes", { auth: { ...only(), apop: true }, to: severalRoutes }, inTime],
    [
      "APOP alone with routes by user",
      { auth: { ...only(), apop: true }, to: { userRoutes: [{ user: { is: "a" }, route: "other" }] } },
      inTime,
    ],
    [
      "APOP alone where a client may name the one server that there is",
      { auth: { ...only(), apop: true }, to: { serverChoice: { servers: [{ server: "a.test", route: "mailbox" }] } } },
      inTime,
    ],
    ["challenges alone with several routes", { auth: only("SCRAM-SHA-256", "CRAM-MD5"), to: severalRoutes }, inTime],
    ["APOP alone with a bridge", { auth: { ...only(), apop: true }, bridge: { credentials: ["a"] } }, inTime],
    [
      "tokens alone where a bridge lets in nobody else",
      { auth: only("XOAUTH2"), bridge: { credentials: ["a"], others: "refuse" } },
      inTime,
    ],
    ["passwords never in clear text, and no TLS", { auth: { ...only("PLAIN"), clearText: "never" } }, noTls],
    [
      "USER and PASS never in clear text, and no TLS",
      { auth: { ...only(), userPass: true, clearText: "never" } },
      noTls,
    ],
    ["tokens never in clear text, and no TLS", { auth: { ...only("OAUTHBEARER"), clearText: "never" } }, noTls],
    [
      "challenges that would do, but for several routes",
      { auth: { apop: true, mechanisms: ["SCRAM-SHA-256"], clearText: "never" }, to: severalRoutes },
      noTls,
    ],
  ])("%s", (_, parts, words) => {
    const found = problems(parts);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(words);
  });

  it("at the listener that has no TLS, where another one has", () => {
    const auth = { ...only("PLAIN"), clearText: "never" };
    expect(problems({ auth, listen: [starttls] })).toEqual([]);
    expect(problems({ auth, listen: [starttls, clear] })).toMatchObject([
      expect.stringMatching(/^policies\.0\.listen\.1:/),
    ]);
  });
});

describe("a POP3 policy is good", () => {
  it.each<[string, Parts]>([
    ["with its defaults", {}],
    ["with APOP alone and one route", { auth: { ...only(), apop: true } }],
    [
      "with several names of one route",
      { auth: { ...only(), apop: true }, to: { userRoutes: [{ user: { is: "a" }, route: "mailbox" }] } },
    ],
    [
      "with challenges alone, never in clear text and without TLS",
      { auth: { ...only("SCRAM-SHA-256"), clearText: "never" } },
    ],
    ["with tokens alone and several routes", { auth: only("XOAUTH2"), to: severalRoutes }],
    ["with tokens alone and a bridge that lets others pass", { auth: only("XOAUTH2"), bridge: { credentials: ["a"] } }],
    ["with PLAIN alone and a bridge", { auth: only("PLAIN"), bridge: { credentials: ["a"], others: "refuse" } }],
  ])("%s", (_, parts) => {
    expect(problems(parts)).toEqual([]);
  });
});

describe("a bridge", () => {
  it("names each credential once", () => {
    expect(problems({ bridge: { credentials: ["a", "b", "a"] } })).toEqual([
      'routes.0.bridge.credentials.2: the credential "a" stands twice',
    ]);
  });
});

it("a document with many policies, each with as many routes by user as there can be, is checked and looked at soon", () => {
  const names = Array.from({ length: 200 }, (_, n) => `route ${n}`);
  const document = policyDocumentSchema.parse({
    version: 1,
    interfaces: [{ name: "Trusted", zone: "trusted" }],
    routes: names.map((name) => ({ name, protocol: "pop3", targets: [{ host: "127.0.0.1", port: 110 }] })),
    proxyActions: [{ name: "Fetch", protocol: "pop3", direction: "outgoing" }],
    policies: names.map((name, i) => ({
      name,
      protocol: "pop3",
      from: { interface: "Trusted" },
      to: {
        interface: "Trusted",
        route: name,
        userRoutes: names.slice(-200).map((route) => ({ user: { is: route }, route })),
      },
      listen: [{ address: "127.0.0.1", port: 1000 + i }],
      proxyAction: "Fetch",
    })),
  });
  const before = process.cpuUsage();
  expect(checkDocument(document)).toEqual([]);
  expect(lintDocument(document, 0).filter(({ code }) => code !== "apop-allowed")).toEqual([]);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(8_000);
});
