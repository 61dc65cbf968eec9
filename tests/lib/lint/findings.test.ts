import { beforeEach, describe, expect, it } from "vitest";
import { database, transaction } from "#lib/db.ts";
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

/** The lint's thread begins while others have the processor. */
const timeout = 60_000;

describe("the findings of the draft", { timeout }, () => {
  it("lead to the setting that hurts", async () => {
    const { id } = await database().proxyAction.findUniqueOrThrow({ where: { name: "Mail in" } });
    const found = await readProfile(id);
    if (found?.profile.protocol !== "smtp") throw new Error("no SMTP profile");
    const esmtp = { ...found.profile.settings.esmtp, smtpUtf8: false };
    const profile = { ...found.profile, settings: { ...found.profile.settings, esmtp } };
    await transaction((tx) => editProfile(tx, mara, { proxyActionId: id, seen: found.seen, profile }));
    const finding = (await draftFindings(now)).find(({ code }) => code === "no-smtputf8");
    expect(finding?.place).toMatchObject({ kind: "proxy action", id, setting: "settings.esmtp.smtpUtf8" });
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
    const broader = await add(rule("all of it", "*"));
    const shadowed = await add(rule("scripts", "*.js"));
    const findings = await draftFindings(now);
    expect(findings.filter(({ place }) => place?.id === shadowed)).toMatchObject([
      {
        code: "rule-shadowed",
        place: { kind: "rule", proxyActionId },
        related: { kind: "rule", id: broader, name: "all of it" },
      },
    ]);
  });
});
