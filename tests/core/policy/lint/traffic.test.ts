import { describe, expect, it } from "vitest";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import type { Finding } from "#core/policy/lint/finding.ts";
import { type Traffic, trafficWords } from "#core/policy/lint/traffic.ts";

const ruleId = "0b0c2f6e-0000-4000-8000-000000000001";
const document = policyDocumentSchema.parse({
  version: 1,
  interfaces: [{ name: "External", zone: "external" }],
  routes: [{ name: "in", protocol: "smtp", targets: [{ host: "mx.test", port: 25 }] }],
  proxyActions: [
    {
      name: "Mail in",
      protocol: "smtp",
      direction: "incoming",
      rulesets: { sender: { rules: [{ id: ruleId, name: "r", action: "deny" }] } },
    },
  ],
  policies: ["A", "B"].map((name, n) => ({
    name,
    protocol: "smtp",
    from: { interface: "External" },
    to: { interface: "External", route: "in" },
    listen: [{ address: "127.0.0.1", port: 2525 + n }],
    proxyAction: "Mail in",
  })),
});
const of = (policy: string, messages: number) => ({ policy, messages, stopped: 1, nullSenders: 2, utf8Senders: 0 });
const traffic: Traffic = {
  days: 7,
  newestOnly: null,
  policies: [of("A", 10), of("B", 20), of("gone", 400)],
  dkim: [
    { policy: "A", checked: 20, passed: 16 },
    { policy: "B", checked: 5, passed: 5 },
    { policy: "gone", checked: 9, passed: 0 },
  ],
  hosts: [],
  idle: { days: 90, rules: [] },
  rules: [[ruleId, 0]],
};
const rulePath = ["proxyActions", 0, "rulesets", "sender", "rules", 0];
const words = (code: string, path: Finding["path"], given: Traffic = traffic) =>
  trafficWords({ code, severity: "note", path, what: "", why: "", doThis: "", source: null }, document, given);

describe("the figures of a finding", () => {
  it.each<[string, Finding["path"], string | null]>([
    ["rule-shadowed", rulePath, "It matched 0 times in 7 days; 30 messages came to its policies in 7 days."],
    ["refuses-everything", rulePath, "28 messages passed through its policies in 7 days."],
    [
      "null-sender-refused",
      ["proxyActions", 0, "rulesets", "sender", "noneMatched"],
      "4 messages of 30 came from the null sender in 7 days.",
    ],
    [
      "message-id-replaced",
      ["proxyActions", 0, "settings"],
      "84 % of the mail of 7 days had a DKIM signature that passed (21 of 25 messages).",
    ],
    ["no-smtputf8", ["proxyActions", 0, "settings"], "30 messages went through it in 7 days."],
    ["policy-unreachable", ["policies", 1], "It took 20 messages in 7 days."],
    ["unused", ["lists", 0], null],
  ])("%s", (code, path, expected) => {
    expect(words(code, path)).toBe(expected);
  });

  it("do not tell how much is signed where nobody looked", () => {
    expect(words("signatures-stripped", rulePath, { ...traffic, dkim: [] })).toBe(
      "How much mail is signed cannot be told: no DKIM signature was looked at in 7 days.",
    );
  });

  it("are not told of a rule that is not in force yet", () => {
    expect(words("rule-shadowed", rulePath, { ...traffic, rules: [] })).toBeNull();
  });

  it("say how many messages were counted where they are not the whole week", () => {
    expect(words("policy-unreachable", ["policies", 0], { ...traffic, newestOnly: 200_000 })).toBe(
      "It took 10 messages among the last 200000.",
    );
  });
});
