import { describe, expect, it } from "vitest";
import { findingHref } from "#components/ui/finding-href.ts";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { findingPlace } from "#core/policy/lint/finding-place.ts";
import type { LintInput } from "#core/policy/lint/lint-input.ts";

describe("the place of a finding", () => {
  const document = policyDocumentSchema.parse({
    version: 1,
    interfaces: [{ name: "External", zone: "external" }],
    lists: [{ name: "a", kind: "domains", entries: [] }],
    routes: [{ name: "r", protocol: "smtp", lookup: "mx" }],
    proxyActions: [
      { name: "p", protocol: "smtp", direction: "incoming", rulesets: { sender: { noneMatched: { action: "deny" } } } },
    ],
  });
  const ids: LintInput["ids"] = {
    interfaces: [["External", "I"]],
    lists: [["a", "L"]],
    scanners: [],
    dictionaries: [],
    notices: [],
    routes: [["r", "R"]],
    proxyActions: [["p", "P"]],
    policies: [],
  };

  it.each([
    [["interfaces", 0], "/interfaces?edit=I"],
    [["lists", 0], "/lists?edit=L"],
    [["routes", 0, "tls"], "/routes?edit=R"],
    [["proxyActions", 0], "/proxy-actions/P"],
    [["proxyActions", 0, "limits", "recipientsMax"], "/proxy-actions/P#limits.recipientsMax"],
    [["proxyActions", 0, "rulesets", "sender", "noneMatched"], "/proxy-actions/P#rules-sender"],
  ])("%j is %s", (path, href) => {
    const place = findingPlace(document, path, ids);
    expect(place === null ? null : findingHref(place)).toBe(href);
  });

  it("is none for what the draft does not have", () => {
    expect(findingPlace(document, ["policies", 0], ids)).toBeNull();
    expect(findingPlace(document, [], ids)).toBeNull();
  });
});
