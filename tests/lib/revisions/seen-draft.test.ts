import { beforeAll, expect, test } from "vitest";
import { transaction } from "#lib/db.ts";
import { setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { discardDraft, importDocument } from "#lib/revisions/mutations.ts";
import { policyAsYaml } from "#lib/revisions/queries.ts";
import { useTestDatabase } from "../../support/database.ts";
import { mara, ruleRow, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
beforeAll(() => importAndPublish(policyFixture("first-message.yaml", {})));

async function someoneElseSets(state: "observe" | "off"): Promise<void> {
  const { id } = await ruleRow("no spoofing");
  await transaction((tx) => setRuleStates(tx, { name: "Ada", address: null }, { states: [{ ruleId: id, state }] }));
}

test("an import does not undo what somebody changed after the document was loaded", async () => {
  const { yaml, digest } = await policyAsYaml("draft");
  await someoneElseSets("observe");
  const late = transaction((tx) => importDocument(tx, mara, { yaml, draftDigest: digest }));
  await expect(late).rejects.toMatchObject({ code: "DRAFT_CHANGED" });
  expect((await rulesOf("Mail in", "sender"))[0]?.state).toBe("observe");
  const fresh = await policyAsYaml("draft");
  expect(await transaction((tx) => importDocument(tx, mara, { yaml: fresh.yaml, draftDigest: fresh.digest }))).toEqual({
    changes: 0,
  });
});

test("discarding throws away only the draft that was seen", async () => {
  const { digest } = await policyAsYaml("draft");
  await someoneElseSets("off");
  const late = transaction((tx) => discardDraft(tx, mara, { draftDigest: digest }));
  await expect(late).rejects.toMatchObject({ code: "DRAFT_CHANGED" });
  const { digest: now } = await policyAsYaml("draft");
  await transaction((tx) => discardDraft(tx, mara, { draftDigest: now }));
  expect((await rulesOf("Mail in", "sender"))[0]?.state).toBe("on");
});
