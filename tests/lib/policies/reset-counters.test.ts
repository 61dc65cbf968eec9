import { beforeEach, describe, expect, it } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { readPolicies } from "#lib/policies/queries.ts";
import { resetCounters } from "#lib/policies/reset-counters.ts";
import { deleteRules, setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { draftSummary } from "#lib/revisions/draft-summary.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, mara, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();

let id = "";
let now = new Date();

beforeEach(async () => {
  await importAndPublish(policyFixture("first-message.yaml", {}));
  id = (await rulesOf("Mail in", "attachment"))[0]?.id ?? "";
  now = new Date();
  const hour = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000);
  await database().ruleHit.create({ data: { ruleId: id, hour, enforced: 3, observed: 2, lastAt: now } });
});

async function shown() {
  const [view] = await readPolicies("External", now);
  return view?.proxyAction.rulesets.flatMap(({ rules }) => rules).find((rule) => rule.id === id);
}

const reset = (at: Date) => transaction((tx) => resetCounters(tx, mara, { ruleIds: [id] }, at));

describe("the counters of a rule that were reset", () => {
  it("begin anew, and say since when and by whom", async () => {
    const before = await shown();
    expect([before?.hits?.enforced, before?.resetBy]).toEqual([3, undefined]);
    await reset(now);
    expect(await shown()).toMatchObject({ hits: null, countedSince: now.toISOString(), resetBy: "Mara" });
  });

  it("are in the audit log as they were, and the draft is the same", async () => {
    const unchanged = await draft();
    await reset(now);
    expect(await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } })).toMatchObject({
      actor: "Mara",
      action: "rule.reset-counters",
      object: 'rule "executables" of Mail in, attachment',
      summary: "3 enforced, 2 observed → counted anew",
      detail: { id, before: { enforced: 3, observed: 2, lastHitAt: now.toISOString() } },
    });
    expect(await draft()).toEqual(unchanged);
  });

  it("make nobody an author of the draft, nor the one who changed the rule", async () => {
    const otto = { ...mara, name: "Otto" };
    const { version } = await database().rule.findUniqueOrThrow({ where: { id } });
    await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId: id, state: "off" }] }));
    await transaction((tx) => resetCounters(tx, otto, { ruleIds: [id] }, now));
    expect((await draftSummary()).authors).toEqual([{ name: "Mara", changes: 1 }]);
    const late = transaction((tx) => deleteRules(tx, otto, { rules: [{ ruleId: id, version }] }));
    await expect(late).rejects.toMatchObject({ publicMessage: expect.stringContaining("changed by Mara") });
  });

  it("can be reset again", async () => {
    await reset(now);
    const later = new Date(now.getTime() + 60_000);
    await reset(later);
    expect((await shown())?.countedSince).toBe(later.toISOString());
  });

  it("of a rule that is gone are refused with who deleted it", async () => {
    await database().rule.delete({ where: { id } });
    await expect(reset(now)).rejects.toMatchObject({ code: "OBJECT_GONE" });
    expect(await database().ruleHit.count({ where: { ruleId: id } })).toBe(1);
  });
});
