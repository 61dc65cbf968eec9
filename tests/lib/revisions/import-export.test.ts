import { beforeEach, describe, expect, it } from "vitest";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { withoutRuleIds } from "#core/policy/rule-ids.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";
import { database } from "#lib/db.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, ruleRow, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const issuePolicy = policyFixture("first-message.yaml", {});

beforeEach(() => importDraft(issuePolicy));

function parsed(yaml: string) {
  const read = readPolicyDocument(yaml);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return withoutRuleIds(read.document);
}

describe("a policy document", () => {
  it("comes out of the draft with the meaning it went in with", async () => {
    expect(parsed(writePolicyDocument(await draft()))).toEqual(parsed(issuePolicy));
  });

  it("keeps its TLS settings", async () => {
    const withTls = policyFixture("client-fleet-tls.yaml", {});
    await importDraft(withTls);
    expect(parsed(writePolicyDocument(await draft()))).toEqual(parsed(withTls));
  });

  it("gives each rule an id, which the export carries", async () => {
    const [rule] = await rulesOf("Mail in", "attachment");
    expect(writePolicyDocument(await draft())).toContain(`id: ${rule?.id ?? "none"}`);
  });

  it("leaves the ids of rules alone when it comes in again without them", async () => {
    const before = await draft();
    await importDraft(issuePolicy);
    expect(await draft()).toEqual(before);
  });

  it("keeps the ids it brings along, whatever the rules are called now", async () => {
    const { id } = await ruleRow("no spoofing");
    await importDraft(writePolicyDocument(await draft()).replace("name: no spoofing", "name: not ours"));
    expect((await ruleRow("not ours")).id).toBe(id);
  });

  it("raises the versions of the rules that it changes, so that an editor opened before hears of it, and of no others", async () => {
    const { version } = await ruleRow("no spoofing");
    await importDraft(issuePolicy);
    expect((await ruleRow("no spoofing")).version).toBe(version);
    await importDraft(
      issuePolicy.replace("name: no spoofing", "log: false, name: no spoofing").replace(/, log: true/, ""),
    );
    expect((await ruleRow("no spoofing")).version).toBe(version + 1);
  });

  it("is refused as a whole with line and column of each problem", async () => {
    const bad = issuePolicy
      .replace("inList: executables } }, action: deny", "inList: nowhere } }, action: deny")
      .replace("route: mailbox", "route: gone");
    await expect(importDraft(bad)).rejects.toMatchObject({
      code: "POLICY_INVALID",
      publicMessage: expect.stringMatching(
        /line 27, column \d+: there is no list "nowhere"\nline \d+, column \d+: there is no route "gone"/,
      ),
    });
    expect(parsed(writePolicyDocument(await draft()))).toEqual(parsed(issuePolicy));
  });

  it("is refused when it holds text that the database cannot keep", async () => {
    await expect(importDraft(issuePolicy.replace('"*.exe"', '"*.exe\\0"'))).rejects.toMatchObject({
      code: "POLICY_INVALID",
    });
  });

  it("writes its audit row", async () => {
    const last = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect(last).toMatchObject({ action: "policy.import", actor: "Mara", address: "192.0.2.7" });
  });
});
