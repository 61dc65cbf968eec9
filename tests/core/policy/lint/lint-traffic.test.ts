import { expect, it } from "vitest";
import { lintDocument } from "#core/policy/lint/lint-document.ts";
import type { Traffic } from "#core/policy/lint/traffic.ts";
import { lintedDocument, onlyOurs } from "../../../support/linted-document.ts";

const now = Date.parse("2026-11-27T12:00:00Z");
const [long, idle] = ["0b0c2f6e-0000-4000-8000-000000000001", "0b0c2f6e-0000-4000-8000-000000000002"];
const traffic: Traffic = {
  days: 7,
  newestOnly: null,
  policies: [],
  dkim: [],
  hosts: [
    { policy: "In", helo: "mail.partner.test", sessions: 100 },
    { policy: "In", helo: `x${"9".repeat(60)}.cloud.test`, sessions: 300 },
    { policy: "In", helo: `y${"9".repeat(60)}.cloud.test`, sessions: 12 },
    { policy: "Other", helo: `z${"9".repeat(60)}.cloud.test`, sessions: 1_000 },
  ],
  idle: { days: 90, rules: [idle] },
  rules: [[idle, 0]],
};

const found = (greeting: object[], given: Traffic | null = traffic) =>
  lintDocument(
    lintedDocument({ action: { rulesets: { greeting: { rules: greeting }, recipient: onlyOurs } } }),
    now,
    given === null ? null : { traffic: given, missing: [] },
  ).filter(({ code }) => code === "rule-idle" || code === "hosts-refused");
const longNames = { id: long, name: "long names", when: { helo: { pattern: "^.{50}" } }, action: "deny" };
const partner = { id: idle, name: "Old partner", when: { helo: { is: "mx.old.test" } }, action: "deny" };

it("a rule about the length of host names tells how many sessions of the week greeted so", () => {
  expect(found([longNames])).toMatchObject([
    {
      code: "hosts-refused",
      what: expect.stringMatching(
        /^312 of 412 sessions of the last 7 days greeted with a name that the rule "long names" of Mail in, greeting refuses, "x9+/,
      ),
    },
  ]);
});

it.each([
  ["is in force: its hits tell more", { ...longNames, id: idle }, "rule-idle"],
  ["is off", { ...longNames, state: "off" }, undefined],
  ["lets through", { ...longNames, action: "allow" }, undefined],
  ["asks for more than the name", { ...longNames, when: { helo: { like: "*" }, tls: { is: "" } } }, undefined],
  ["refuses nobody who came", { ...longNames, when: { helo: { is: "nobody.test" } } }, undefined],
])("nothing is said of sessions by a rule that %s", (_, rule, code) => {
  expect(found([rule]).map((finding) => finding.code)).toEqual(code === undefined ? [] : [code]);
});

it("a rule that matched nothing in 90 days is told with that time", () => {
  expect(found([partner])).toMatchObject([
    {
      code: "rule-idle",
      severity: "note",
      path: ["proxyActions", 0, "rulesets", "greeting", "rules", 0],
      what: 'The rule "Old partner" of Mail in, greeting has matched nothing in 90 days.',
    },
  ]);
  expect(found([{ ...partner, state: "off" }])).toEqual([]);
});

it("of a document alone neither can be told", () => {
  expect(found([longNames, partner], null)).toEqual([]);
});
