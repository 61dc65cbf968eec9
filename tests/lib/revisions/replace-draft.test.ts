import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { withoutRuleIds } from "#core/policy/rule-ids.ts";
import { database, transaction } from "#lib/db.ts";
import { replaceDraft } from "#lib/revisions/replace-draft.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft } from "../../support/draft.ts";
import { documentArbitrary } from "../../support/policy-arbitrary.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const yaml = policyFixture("first-message.yaml", {});

function replace(document: PolicyDocument): Promise<void> {
  return transaction((tx) => replaceDraft(tx, document));
}

/** Every row of the draft by table and id, as text. */
async function rows(): Promise<Map<string, string>> {
  const db = database();
  const tables = {
    interface: await db.interface.findMany(),
    list: await db.list.findMany(),
    inspectionObject: await db.inspectionObject.findMany(),
    route: await db.route.findMany(),
    proxyAction: await db.proxyAction.findMany(),
    rule: await db.rule.findMany(),
    policy: await db.policy.findMany(),
  };
  return new Map(
    Object.entries(tables).flatMap(([table, own]) =>
      own.map((row) => [`${table} ${row.name} ${row.id}`, JSON.stringify(row)] as const),
    ),
  );
}

/** The rows that differ between two moments, without ids. */
function touched(before: Map<string, string>, after: Map<string, string>): string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => key.replace(/ [^ ]+$/, ""))
    .toSorted();
}

describe("replacing the draft", () => {
  beforeEach(() => importDraft(yaml));

  it("makes it equal to any document, whatever stood there, and again touches nothing", async () => {
    await fc.assert(
      fc.asyncProperty(documentArbitrary, async (document) => {
        await replace(document);
        expect(withoutRuleIds(await draft())).toEqual(withoutRuleIds(document));
        const before = await rows();
        await replace(document);
        expect(touched(before, await rows())).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it("touches only what changed: other objects keep their version, and this one its row", async () => {
    const before = await rows();
    const document = await draft();
    const [list] = document.lists;
    const policies = document.policies.map((policy, i) => (i === 0 ? { ...policy, enabled: !policy.enabled } : policy));
    await replace({ ...document, policies });
    const after = await rows();
    expect(touched(before, after)).toEqual([`policy ${policies[0]?.name}`]);
    const row = await database().policy.findFirstOrThrow({ where: { name: policies[0]?.name ?? "" } });
    expect(before.has(`policy ${row.name} ${row.id}`)).toBe(true);
    expect(row.version).toBeGreaterThan(1);
    expect(list === undefined || after.size === before.size).toBe(true);
  });

  it("moves a rule without a new version, and brings one that went to another ruleset there with its id", async () => {
    const rules = await database().rule.findMany({ orderBy: { rank: "asc" } });
    const document = await draft();
    const turned = {
      ...document,
      proxyActions: document.proxyActions.map((action) => ({
        ...action,
        rulesets: Object.fromEntries(
          rulesetsOf(action).map(({ stage, ruleset }) => [stage, { ...ruleset, rules: ruleset.rules.toReversed() }]),
        ),
      })),
    };
    await replace(turned);
    const after = await database().rule.findMany();
    expect(after.map(({ id, version }) => `${id} ${version}`).toSorted()).toEqual(
      rules.map(({ id, version }) => `${id} ${version}`).toSorted(),
    );
    expect(withoutRuleIds(await draft())).toEqual(withoutRuleIds(turned));
  });
});
