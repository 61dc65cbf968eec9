import { beforeEach, describe, expect, it } from "vitest";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { database, transaction } from "#lib/db.ts";
import { findingPlace, type RowIds } from "#lib/lint/finding-place.ts";
import { findingsByRule } from "#lib/lint/findings-by-rule.ts";
import { draftFindings } from "#lib/lint/queries.ts";
import { addRule } from "#lib/proxy-actions/mutations.ts";
import { editProfile } from "#lib/proxy-actions/profile-mutations.ts";
import { readProfile } from "#lib/proxy-actions/queries.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara, ruleRow } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const now = new Date("2026-01-05T10:00:00Z");

beforeEach(async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
});

describe("the findings of the draft", () => {
  it("lead to the setting that hurts", async () => {
    const { id } = await database().proxyAction.findUniqueOrThrow({ where: { name: "Mail in" } });
    const found = await readProfile(id);
    if (found?.profile.protocol !== "smtp") throw new Error("no SMTP profile");
    const esmtp = { ...found.profile.settings.esmtp, smtpUtf8: false };
    const profile = { ...found.profile, settings: { ...found.profile.settings, esmtp } };
    await transaction((tx) => editProfile(tx, mara, { proxyActionId: id, seen: found.seen, profile }));
    const finding = (await draftFindings(now)).find(({ code }) => code === "no-smtputf8");
    expect(finding?.place).toEqual({
      kind: "proxy action",
      id,
      setting: "settings.esmtp.smtpUtf8",
      href: `/proxy-actions/${id}#settings.esmtp.smtpUtf8`,
    });
  });

  it("lead to the rule that never matches", async () => {
    const { proxyActionId } = await ruleRow("no spoofing");
    const rule = (name: string, like: string) => {
      return {
        name,
        state: "on",
        when: { fileName: { like } },
        action: { kind: "drop" },
        log: true,
        alarm: false,
      } as const;
    };
    const add = (given: ReturnType<typeof rule>) =>
      transaction((tx) => addRule(tx, mara, { proxyActionId, ruleset: "attachment", before: null, rule: given }));
    await add(rule("all of it", "*"));
    const shadowed = await add(rule("scripts", "*.js"));
    const findings = findingsByRule(await draftFindings(now));
    expect(findings[shadowed]).toMatchObject([
      { code: "rule-shadowed", place: { kind: "rule", href: `/proxy-actions/${proxyActionId}?edit=${shadowed}` } },
    ]);
  });
});

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
  const ids: RowIds = {
    interfaces: new Map([["External", "I"]]),
    lists: new Map([["a", "L"]]),
    scanners: new Map(),
    dictionaries: new Map(),
    notices: new Map(),
    routes: new Map([["r", "R"]]),
    proxyActions: new Map([["p", "P"]]),
    policies: new Map(),
  };

  it.each([
    [["interfaces", 0], "/interfaces?edit=I"],
    [["lists", 0], "/policies/lists?edit=L"],
    [["routes", 0, "tls"], "/routes?edit=R"],
    [["proxyActions", 0], "/proxy-actions/P"],
    [["proxyActions", 0, "limits", "recipientsMax"], "/proxy-actions/P#limits.recipientsMax"],
    [["proxyActions", 0, "rulesets", "sender", "noneMatched"], "/proxy-actions/P#rules-sender"],
  ])("%j is %s", (path, href) => {
    expect(findingPlace(document, path, ids)?.href).toBe(href);
  });

  it("is none for what the draft does not have", () => {
    expect(findingPlace(document, ["policies", 0], ids)).toBeNull();
    expect(findingPlace(document, [], ids)).toBeNull();
  });
});
