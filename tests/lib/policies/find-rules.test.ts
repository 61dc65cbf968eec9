import { describe, expect, it } from "vitest";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { withRuleIds } from "#core/policy/rule-ids.ts";
import { findRules } from "#lib/policies/find-rules.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";

const rules = [
  { name: "Partners", when: { clientAddress: { inList: "partners" } }, action: "allow" },
  {
    name: "our nets",
    when: { none: [{ clientAddress: { in: ["198.51.100.0/24", "2001:db8::/32"] } }] },
    action: "deny",
  },
  {
    name: "many",
    when: { senderDomain: { in: ["a.test", "b.test", "c.test", "d.test", "far.test"] } },
    action: "deny",
  },
  { name: "shops", when: { all: [{ senderDomain: { inList: "shops" } }] }, action: { deny: { text: "Not here" } } },
  { name: "dial-up", when: { helo: { inList: "literals" } }, action: "deny" },
  { name: "everybody", section: "Last words", action: "allow" },
];
const document = withRuleIds(
  policyDocumentSchema.parse({
    version: 1,
    lists: [
      { name: "partners", kind: "networks", entries: ["192.0.2.0/24"] },
      { name: "literals", kind: "patterns", entries: ["[203.0.113.*]", "203.0.113.6?"] },
      { name: "shops", kind: "domains", entries: ["*.shop.example"] },
    ],
    proxyActions: [{ name: "Mail in", protocol: "smtp", direction: "incoming", rulesets: { sender: { rules } } }],
  }),
  () => crypto.randomUUID(),
);

function found(text: string): string[] {
  const ids = findRules(document, text);
  return document.proxyActions
    .flatMap(rulesetsOf)
    .flatMap(({ ruleset }) => ruleset.rules)
    .flatMap(({ id, name }) => (id !== undefined && ids.includes(id) ? [name] : []));
}

describe("a search finds the rules", () => {
  it.each([
    ["by their name", "PARTN", ["Partners"]],
    ["by their sentence", "not here", ["shops"]],
    ["whose list an address is in", " 192.0.2.77 ", ["Partners"]],
    ["whose networks an address is in", "198.51.100.9", ["our nets"]],
    ["whose networks an IPv6 address is in", "2001:db8::1", ["our nets"]],
    ["whose list has a wildcard that matches an address", "203.0.113.64", ["dial-up"]],
    ["whose list has an entry with that text", "192.0.2.", ["Partners"]],
    ["whose list a domain is in", "www.shop.example", ["shops"]],
    ["that name it behind what their sentence shows", "far.test", ["many"]],
    ["by their section", "last w", ["everybody"]],
    ["in no section", "(none)", ["Partners", "our nets", "many", "shops", "dial-up"]],
    ["and no other", "203.0.113.1", []],
  ])("%s: %s", (_how, text, names) => {
    expect(found(text)).toEqual(names);
  });
});
