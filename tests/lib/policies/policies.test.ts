import { beforeAll, describe, expect, it } from "vitest";
import { ruleSentence } from "#core/policy/explain.ts";
import { database, transaction } from "#lib/db.ts";
import { interfaceTabs } from "#lib/interfaces/queries.ts";
import { readPolicies } from "#lib/policies/queries.ts";
import { setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { addRule } from "#lib/proxy-actions/mutations.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { publish } from "#lib/revisions/mutations.ts";
import { liveRevision } from "#lib/revisions/revision-row.ts";
import { useTestDatabase } from "../../support/database.ts";
import { mara, ruleRow } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const now = new Date("2026-11-22T12:30:00Z");

beforeAll(async () => {
  await importAndPublish(policyFixture("first-message.yaml", {}));
});

async function attachmentRules() {
  const [view] = await readPolicies("External", now);
  return view?.proxyAction.rulesets.find(({ stage }) => stage === "attachment")?.rules ?? [];
}

describe("the policies of an interface", () => {
  it("are those whose mail enters there", async () => {
    expect((await readPolicies("External", now)).map(({ policy }) => policy.name)).toEqual(["In"]);
    expect((await readPolicies(null, now)).map(({ policy }) => policy.name)).toEqual(["In", "Fetch"]);
    expect(await readPolicies("Nowhere", now)).toEqual([]);
  });

  it("show every stage of the protocol, also those without rules", async () => {
    const [view] = await readPolicies("External", now);
    expect(view?.proxyAction.rulesets.map(({ stage, rules }) => `${stage} ${rules.length}`)).toEqual([
      "greeting 0",
      "auth 0",
      "sender 1",
      "recipient 0",
      "header 0",
      "attachment 1",
      "message 0",
    ]);
  });

  it("are counted on the tabs", async () => {
    expect(await interfaceTabs([])).toMatchObject([
      { name: "External", zone: "external", rules: 2, harms: 0 },
      { name: "Trusted", zone: "trusted", rules: 1, harms: 0 },
    ]);
  });

  it("show on the tabs how much harm the lint finds for what enters there", async () => {
    const { id, proxyActionId } = await ruleRow("no spoofing");
    const [fetch] = await readPolicies("Trusted", now);
    const hurt = [
      { kind: "rule", id },
      { kind: "proxy action", id: proxyActionId },
      { kind: "policy", id: fetch?.id ?? "" },
      { kind: "list", id: "a list" },
    ];
    expect((await interfaceTabs(hurt)).map(({ name, harms }) => [name, harms])).toEqual([
      ["External", 2],
      ["Trusted", 1],
    ]);
  });

  it("show what happens whatever the rules say, and where that is set", async () => {
    const [view] = await readPolicies("External", now);
    expect(view?.system).toContainEqual({
      before: "recipient",
      words: "More recipients of one message hear 452 and are sent again.",
      value: 100,
      href: `/proxy-actions/${view?.proxyAction.id}#limits.recipientsMax`,
    });
    expect(view?.system.find(({ words }) => words.includes("250 only"))?.href).toBe(`/routes?edit=${view?.routeId}`);
  });
});

describe("a rule", () => {
  it("says what it does and how it stands against the live revision", async () => {
    const { proxyActionId } = await ruleRow("no spoofing");
    const rule = { name: "new one", state: "on", action: { kind: "deny" }, log: false, alarm: false } as const;
    await transaction((tx) => addRule(tx, mara, { proxyActionId, ruleset: "attachment", before: null, rule }));
    expect((await attachmentRules()).map(({ rule, draft }) => [ruleSentence(rule), draft])).toEqual([
      ["If file name is in list executables, deny.", "as published"],
      ["Always deny.", "new"],
    ]);
    const [first] = await attachmentRules();
    await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId: first?.id ?? "", state: "observe" }] }));
    expect((await attachmentRules())[0]?.draft).toBe("edited");
  });

  it("says since when hits of it are counted: its first publish, not that of others", async () => {
    const since = async () => (await attachmentRules()).map(({ countedSince }) => countedSince);
    const published = async () => (await liveRevision(database()))?.publishedAt.toISOString();
    const first = await published();
    expect(await since()).toEqual([first, null]);
    await transaction((tx) => publish(tx, mara, { comment: "the new one" }));
    expect(await since()).toEqual([first, await published()]);
  });

  it("counts the hits of 24 hours and knows the last one", async () => {
    const [rule, fresh] = await attachmentRules();
    const ruleId = rule?.id ?? "";
    const hits = (hour: string, enforced: number, observed: number) => {
      const lastAt = new Date(`${hour}:05:06Z`);
      return { ruleId, hour: new Date(`${hour}:00:00Z`), enforced, observed, lastAt };
    };
    await database().ruleHit.createMany({
      data: [hits("2026-11-21T12", 100, 100), hits("2026-11-21T13", 2, 0), hits("2026-11-22T11", 1, 4)],
    });
    expect((await attachmentRules())[0]?.hits).toEqual({
      enforced: 3,
      observed: 4,
      lastHitAt: "2026-11-22T11:05:06.000Z",
      hours: [2, ...Array.from({ length: 21 }, () => 0), 5, 0],
    });
    expect(fresh?.hits).toBeNull();
  });
});
