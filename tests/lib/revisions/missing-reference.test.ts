import { beforeEach, expect, test } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { addList, deleteList } from "#lib/lists/mutations.ts";
import { addPolicy } from "#lib/policies/mutations.ts";
import { addRule } from "#lib/proxy-actions/mutations.ts";
import { routeFromRow } from "#lib/revisions/draft-document.ts";
import { editRoute } from "#lib/routes/mutations.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara, ruleRow } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const otto = { name: "Otto", address: "192.0.2.8" };
const when = "(just now|\\d+ s ago)";

beforeEach(async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
});

async function addRuleAbout(list: string): Promise<string> {
  const { proxyActionId } = await ruleRow("no spoofing");
  const asks = { name: "partners", when: { sender: { inList: list } }, action: { kind: "allow" } } as const;
  const rule = { ...asks, state: "on", log: false, alarm: false } as const;
  return transaction((tx) => addRule(tx, otto, { proxyActionId, ruleset: "sender", before: null, rule }));
}

test("a rule that names a list which somebody deleted meanwhile is told who and when", async () => {
  const listId = await transaction((tx) =>
    addList(tx, mara, { name: "partners", kind: "domains", entries: ["a.test"] }),
  );
  await transaction((tx) => deleteList(tx, mara, { listId, version: 1 }));
  await expect(addRuleAbout("partners")).rejects.toMatchObject({
    code: "REF_MISSING",
    publicMessage: expect.stringMatching(
      `^Not saved: the list "partners" was deleted by Mara ${when}\\. Choose another, or undo that in the audit log\\.$`,
    ),
  });
});

test("a policy that names a route by what it was called before is told its new name", async () => {
  const row = await database().route.findUniqueOrThrow({ where: { name: "inside" } });
  const [policy] = (await draft()).policies;
  if (policy === undefined) throw new Error("the fixture has no policy");
  const route = { ...routeFromRow(row), name: "hub" };
  await transaction((tx) => editRoute(tx, mara, { routeId: row.id, version: row.version, route }));
  await expect(transaction((tx) => addPolicy(tx, otto, { ...policy, name: "Other" }))).rejects.toMatchObject({
    code: "REF_MISSING",
    publicMessage: expect.stringMatching(
      `^Not saved: the route "inside" was renamed to "hub" by Mara ${when}\\. Choose it by its new name\\.$`,
    ),
  });
});

test("a name that nobody knows is told as such", async () => {
  await expect(addRuleAbout("nobody's")).rejects.toMatchObject({
    code: "REF_MISSING",
    publicMessage: 'Not saved: there is no list "nobody\'s". Choose another, or add it.',
  });
});
