import { beforeAll, expect, it } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { deleteRules, setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { editRule } from "#lib/proxy-actions/mutations.ts";
import { discardDraft, publish } from "#lib/revisions/mutations.ts";
import { readRuleHistory } from "#lib/rule-history/queries.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();

const otto = { name: "Otto", address: "192.0.2.9" };
const place = { name: "executables", proxyAction: "Mail in", ruleset: "attachment" };

beforeAll(async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
  await transaction((tx) => publish(tx, mara, { comment: "" }));
});

async function executables() {
  const [rule] = await rulesOf("Mail in", "attachment");
  if (rule?.id === undefined) throw new Error("no rule");
  const { version } = await database().rule.findUniqueOrThrow({ where: { id: rule.id } });
  return { id: rule.id, version, rule };
}

async function edited(whenText?: string) {
  const { id, version, rule } = await executables();
  const { id: _, ...content } = rule;
  const when = { fileName: { like: "*.com" } };
  const next = { ...content, when, log: !content.log, ...(whenText !== undefined && { whenText }) };
  await transaction((tx) => editRule(tx, otto, { ruleId: id, version, rule: next }));
  return id;
}

it("tells who did what to a rule and when, newest first, with what became of each of its properties", async () => {
  const id = await edited();
  await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId: id, state: "observe" }] }));
  const { entries, isCut } = await readRuleHistory({ id, ...place });
  expect(isCut).toBe(false);
  expect(entries.map(({ what, actor }) => [what, actor])).toEqual([
    ["State", "Mara"],
    ["Edited", "Otto"],
    ["Published in revision r1", "Mara"],
    ["Import", "Mara"],
  ]);
  expect(entries[0]?.words).toEqual(["on → observe"]);
  expect(entries[1]?.words).toContain("when.fileName.like: – → *.com");
});

it("an edit of nothing but the comments in a condition says so", async () => {
  await edited();
  const id = await edited("# old programs\nfileName:\n  like: '*.com'\n");
  const { entries } = await readRuleHistory({ id, ...place });
  expect(entries[0]?.words).toContain("the comments in the condition");
});

it("says that there is more than it shows", async () => {
  const { id } = await executables();
  for (let n = 0; n < 21; n++)
    await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId: id, state: n % 2 === 0 ? "off" : "on" }] }));
  const { entries, isCut } = await readRuleHistory({ id, ...place });
  expect(entries).toHaveLength(20);
  expect(isCut).toBe(true);
});

it("tells of changes that took many objects with them, and of a rule that is gone", async () => {
  const id = await edited();
  await transaction((tx) => discardDraft(tx, mara));
  const { version } = await executables();
  await transaction((tx) => deleteRules(tx, otto, { rules: [{ ruleId: id, version }] }));
  const { entries } = await readRuleHistory({ id, ...place });
  expect(entries.slice(0, 2).map(({ what, actor }) => [what, actor])).toEqual([
    ["Deleted", "Otto"],
    ["Draft discarded", "Mara"],
  ]);
});
