import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, database, type Transaction, transaction } from "#lib/db.ts";
import { setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { draftSummary } from "#lib/revisions/draft-summary.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { applyDocument, discardDraft, importDocument, publish, rollBack } from "#lib/revisions/mutations.ts";
import { setPolicySource } from "#lib/revisions/policy-source.ts";
import { policyAsYaml, policySource } from "#lib/revisions/queries.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara, ruleRow, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
afterAll(closeDatabase);

const first = policyFixture("first-message.yaml", {});
const place = { repository: "git.example.org/mail/policy", path: "gateway/policy.yaml" };
const lastAudit = () => database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });

async function apply(yaml: string, only: string[] = []) {
  const { digest: draftDigest } = await policyAsYaml("draft");
  const publishing = { comment: "applied" };
  return transaction((tx) => applyDocument(tx, mara, { yaml, only, draftDigest, publish: publishing }));
}

beforeAll(() => importAndPublish(first));

describe("a policy that is kept in a repository", () => {
  it("is said to be there, and by whom, in the audit log too", async () => {
    expect(await policySource()).toBeNull();
    await transaction((tx) => setPolicySource(tx, mara, place));
    expect(await policySource()).toMatchObject({ ...place, setBy: "Mara" });
    expect(await lastAudit()).toMatchObject({ action: "policy-source.set", actor: "Mara" });
  });

  it("is edited by nobody here: each edit is refused and says where to make it", async () => {
    const before = await draft();
    const { id } = await ruleRow("no spoofing");
    const edits = [
      (tx: Transaction) => setRuleStates(tx, mara, { states: [{ ruleId: id, state: "off" }] }),
      (tx: Transaction) => importDocument(tx, mara, { yaml: "version: 1" }),
      (tx: Transaction) => discardDraft(tx, mara),
    ];
    for (const edit of edits) {
      await expect(transaction<unknown>(edit)).rejects.toMatchObject({
        code: "POLICY_ELSEWHERE",
        publicMessage: expect.stringContaining("git.example.org/mail/policy, gateway/policy.yaml"),
      });
    }
    expect(await draft()).toEqual(before);
  });

  it("is applied and published with a token as ever, and rolled back by a person", async () => {
    const { published } = await apply(first.replace("recipientsMax: 100", "recipientsMax: 50"));
    expect(published).toBe(2);
    await transaction((tx) => rollBack(tx, mara, { number: 1, comment: "" }));
    expect(await draftSummary()).toMatchObject({ changes: 0, liveRevision: 3 });
  });

  it("is edited here again once somebody says that it is kept here", async () => {
    await transaction((tx) => setPolicySource(tx, mara, null));
    expect((await lastAudit()).summary).toContain("editable");
    await importDraft(first.replace("recipientsMax: 100", "recipientsMax: 60"));
    expect((await transaction((tx) => publish(tx, mara, { comment: "" }))).number).toBe(4);
  });
});

describe("a part of a document", () => {
  it("takes the place of that part of the draft, and of nothing else", async () => {
    const rules = await policyAsYaml("draft", ["rules:Mail in/sender"]);
    expect(rules.yaml).toContain("no spoofing");
    expect(rules.yaml).not.toContain("recipientsMax");
    const { changes } = await apply(rules.yaml.replace("no spoofing", "no forged senders"), ["rules:Mail in/sender"]);
    expect(changes.map(({ details }) => details)).toEqual([["name: no spoofing → no forged senders"]]);
    expect((await rulesOf("Mail in", "attachment")).length).toBe(1);
  });

  it("is refused where the draft would not hold together, with the names, and where it names no part", async () => {
    await expect(apply("version: 1", ["lists:executables"])).rejects.toMatchObject({
      code: "POLICY_INVALID",
      publicMessage: expect.stringMatching(/Mail in › attachment.*executables/),
    });
    await expect(apply("version: 1", ["everything"])).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(policyAsYaml("draft", ["everything"])).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });
});
