import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { isSendableAddress } from "#core/policy/address-form.ts";
import { checkDocument } from "#core/policy/check-document.ts";
import { asksToRelay, readPath } from "#core/smtp/path.ts";
import { addressArbitrary } from "../../support/rule-arbitrary.ts";

const target = { host: "127.0.0.1", port: 25 };
const required = { auth: { mechanisms: ["PLAIN"], required: true } };

type Given = { route?: object; settings?: object; rulesets?: object };

/** Of a document with one SMTP policy. */
function problemsOf({ route = { targets: [target] }, settings = {}, rulesets = {} }: Given) {
  const document = policyDocumentSchema.parse({
    version: 1,
    interfaces: [{ name: "External", zone: "external" }],
    lists: [
      { name: "people", kind: "addresses", entries: ["@ours.test"] },
      { name: "shapes", kind: "patterns", entries: ["*@ours.test"] },
      { name: "ours", kind: "domains", entries: ["ours.test"] },
      { name: "bad words", kind: "words", entries: ["x"] },
    ],
    routes: [{ name: "inside", protocol: "smtp", ...route }],
    proxyActions: [{ name: "Mail", protocol: "smtp", direction: "incoming", settings, rulesets }],
    policies: [
      {
        name: "P",
        protocol: "smtp",
        from: { interface: "External" },
        to: { interface: "External", route: "inside" },
        listen: [{ address: "127.0.0.1", port: 2525 }],
        proxyAction: "Mail",
      },
    ],
  });
  return checkDocument(document);
}

const placesOf = (given: Given) => problemsOf(given).map(({ code, path }) => `${code} ${path.join(".")}`);
const withAction = (stage: string, action: unknown) => ({ rulesets: { [stage]: { rules: [{ name: "r", action }] } } });

describe("a login that is required", () => {
  it.each([
    ["spool", { targets: [target], delivery: "spool" }, "delivery: spool"],
    ["MX", { lookup: "mx" }, "lookup: mx"],
    ["a credential of ours", { targets: [target], credential: "smart host" }, "credential: smart host"],
  ])("is refused before a route by %s, where nobody could log in", (_, route, why) => {
    const problems = problemsOf({ route, settings: required });
    expect(problems).toMatchObject([{ code: "illegal", path: ["policies", 0, "to", "route"] }]);
    expect(problems[0]?.message).toContain(why);
    expect(problemsOf({ route })).toEqual([]);
  });

  it.each(["inline", "inline-or-spool"])("is good before a route by %s", (delivery) => {
    expect(problemsOf({ route: { targets: [target], delivery }, settings: required })).toEqual([]);
  });
});

describe("the list that recipients are verified by", () => {
  it.each([
    ["people", []],
    ["shapes", []],
    ["ours", ["wrong-kind"]],
    ["bad words", ["wrong-kind"]],
    ["gone", ["unknown-name"]],
  ])("%s: %j", (list, codes) => {
    const settings = { recipientVerification: { mode: "list", list } };
    expect(problemsOf({ settings }).map(({ code }) => code)).toEqual(codes);
  });
});

describe("an address that a rule makes", () => {
  const at = (stage: string) => `illegal proxyActions.0.rulesets.${stage}.rules.0.action`;

  it.each([
    ["recipient", { redirect: { to: "a..b@x.test" } }, "to"],
    ["recipient", { copy: { to: "a%b@x.test" } }, "to"],
    ["sender", { copy: { to: "a@-x.test" } }, "to"],
    ["recipient", { rewrite: { pattern: ".*", to: "nobody" } }, "to"],
    ["recipient", { rewrite: { domains: { "old.test": "new..test" } } }, "domains.old.test"],
    ["recipient", { rewrite: { aliases: { "a@x.test": ["b@x.test", "c!d@x.test"] } } }, "aliases.a@x.test.1"],
    ["sender", { rewrite: { aliases: { "a@x.test": ["b@x.test", "c@x.test"] } } }, "aliases.a@x.test"],
  ])("is refused at %s as %j: mail cannot be sent to it", (stage, action, place) => {
    expect(placesOf(withAction(stage, action))).toEqual([`${at(stage)}.${place}`]);
  });

  it.each([
    ["recipient", { redirect: { to: "büro@müller.test" } }],
    ["recipient", { copy: { to: "archive@[192.0.2.1]" } }],
    ["sender", { rewrite: { pattern: "(.*)@old\\.test", to: "$1@new.test" } }],
    ["recipient", { rewrite: { aliases: { "a@x.test": ["b@x.test", "c@x.test"] } } }],
  ])("is good at %s as %j", (stage, action) => {
    expect(placesOf(withAction(stage, action))).toEqual([]);
  });

  it("names no group that its pattern lacks", () => {
    const action = { rewrite: { pattern: "(.*)@old\\.test", to: "$2@new.test" } };
    expect(placesOf(withAction("recipient", action))).toEqual([
      "bad-pattern proxyActions.0.rulesets.recipient.rules.0.action.pattern",
    ]);
  });

  it("that passes is one that the session sends to, letter by letter", () => {
    const nearAddress = fc
      .tuple(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 70 }),
        fc.oneof(fc.domain(), fc.string({ unit: "grapheme", minLength: 1 }), fc.constant("[192.0.2.1]")),
      )
      .map(([local, domain]) => `${local}@${domain}`);
    let passed = 0;
    fc.assert(
      fc.property(fc.oneof(addressArbitrary, nearAddress), (address) => {
        if (!isSendableAddress(address)) return;
        passed++;
        const read = readPath(`<${address}>`);
        expect(read).toMatchObject({ ok: true, rest: "", mailbox: { address } });
        expect(read.ok && read.mailbox !== null && asksToRelay(read.mailbox)).toBe(false);
      }),
      { numRuns: 2000 },
    );
    expect(passed).toBeGreaterThan(500);
  });
});
