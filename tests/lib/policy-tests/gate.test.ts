import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type PolicyTest, policyTestSchema } from "#core/contract/policy-test.ts";
import { database, transaction } from "#lib/db.ts";
import { addPolicyTest, deletePolicyTest, editPolicyTest } from "#lib/policy-tests/mutations.ts";
import { readPolicyTests, runDraftTests } from "#lib/policy-tests/queries.ts";
import { applyTested, publishTested } from "#lib/publishing/publish-tested.ts";
import { documentDigest } from "#lib/revisions/sign.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { startTryingWorker } from "../../support/trying-worker.ts";

useTestDatabase();
const folder = mkdtempSync(join(tmpdir(), "postern-gate-"));

beforeAll(() => {
  writeFileSync(join(folder, "master"), randomBytes(32).toString("base64"));
  process.env["POSTERN_MASTER_KEY_FILE"] = join(folder, "master");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  delete process.env["POSTERN_MASTER_KEY_FILE"];
});

beforeEach(async () => {
  await database().worker.deleteMany();
  await database().acknowledgement.deleteMany();
  await importDraft(policyFixture("first-message.yaml", {}));
});

const program =
  'Subject: x\nContent-Type: application/octet-stream; name="a.exe"\nContent-Disposition: attachment; filename="a.exe"\n\nMZ\n';
const given = {
  interface: "External",
  client: "192.0.2.7",
  sender: "ann@sender.test",
  recipients: ["demo@example.test"],
};

function test(name: string, must: object): PolicyTest {
  return policyTestSchema.parse({ name, given, message: program, must });
}

const add = (one: PolicyTest) => transaction((tx) => addPolicyTest(tx, mara, one));
const publishIt = (more: Partial<Parameters<typeof publishTested>[1]> = {}) =>
  publishTested(mara, { comment: String(Math.random()), ...more });

it("tests that pass are run and let the draft through", async () => {
  await startTryingWorker();
  await add(test("programs are refused", { verdict: ["deny"], rule: "executables", reply: "55" }));
  expect(await runDraftTests()).toEqual([{ name: "programs are refused", failure: null }]);
  const { number } = await publishIt();
  expect(await database().revision.findUnique({ where: { number } })).toMatchObject({
    failedTests: [],
    overrideReason: null,
  });
});

it("a test that fails refuses the publish with how it fared; who may publishes with a reason, which stays", async () => {
  await startTryingWorker();
  await add(test("programs pass", { verdict: ["allow"] }));
  const words =
    'Not published: 1 policy test fails.\n“programs pass”: It must be allow; it is deny by the rule "executables".';
  await expect(publishIt()).rejects.toMatchObject({ code: "TESTS_FAILED", publicMessage: words });
  await expect(publishIt({ overrideReason: "late" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  const { number } = await publishIt({ overrideReason: "the test is out of date", permissions: ["publish-failing"] });
  const revision = await database().revision.findUnique({ where: { number } });
  expect(revision).toMatchObject({ failedTests: ["programs pass"], overrideReason: "the test is out of date" });
  const audit = await database().auditEntry.findFirst({
    where: { action: "revision.publish" },
    orderBy: { sequence: "desc" },
  });
  expect(audit?.detail).toMatchObject({ failedTests: ["programs pass"], overrideReason: "the test is out of date" });
});

it("a message that is fetched by POP3 must fare as its test says, too", async () => {
  await startTryingWorker();
  const retrieval = { protocol: "pop3", interface: "Trusted", client: "192.0.2.9", user: "joe", commands: ["RETR"] };
  const fetched = (must: object) =>
    policyTestSchema.parse({ name: "programs are not fetched", given: retrieval, message: program, must });
  const testId = await add(fetched({ verdict: ["replace"], rule: "executables" }));
  expect((await readPolicyTests())[0]?.test).toEqual(fetched({ verdict: ["replace"], rule: "executables" }));
  expect((await publishIt()).number).toBeGreaterThan(0);
  await transaction((tx) =>
    editPolicyTest(tx, mara, { testId, version: 1, test: fetched({ verdict: ["allow"], reply: "+OK" }) }),
  );
  const words = 'It must be allow; it is replace by the rule "executables".';
  await expect(publishIt()).rejects.toMatchObject({
    code: "TESTS_FAILED",
    publicMessage: expect.stringContaining(words),
  });
});

it("a program that applies a policy does not pass failing tests, and the draft stays as it was", async () => {
  await startTryingWorker();
  const before = documentDigest(JSON.stringify(await draft()));
  const yaml = `${policyFixture("first-message.yaml", {})}
tests:
  - { name: programs pass, given: ${JSON.stringify(given)}, message: ${JSON.stringify(program)}, must: { verdict: [allow] } }
`;
  const publish = { comment: "", trialMinutes: null, firstWorkers: null };
  await expect(applyTested(mara, { yaml, draftDigest: before, publish })).rejects.toMatchObject({
    code: "TESTS_FAILED",
  });
  expect(documentDigest(JSON.stringify(await draft()))).toBe(before);
});

it("tests that no worker can run have failed; a draft without tests needs none", async () => {
  await publishIt();
  await add(test("programs are refused", { verdict: ["deny"] }));
  await expect(publishIt()).rejects.toMatchObject({
    code: "TESTS_FAILED",
    publicMessage: expect.stringContaining("no worker is enrolled"),
  });
});

it("a test is edited on the version that was seen, and deleted", async () => {
  const id = await add(test("one", { verdict: ["deny"] }));
  await add(test("two", { verdict: ["deny"] }));
  const edit = (version: number, name: string) =>
    transaction((tx) => editPolicyTest(tx, mara, { testId: id, version, test: test(name, { verdict: ["allow"] }) }));
  await edit(1, "first");
  await expect(edit(1, "again")).rejects.toMatchObject({ code: "EDIT_CONFLICT" });
  await expect(edit(2, "two")).rejects.toMatchObject({ code: "NAME_TAKEN" });
  expect((await readPolicyTests()).map(({ test: { name } }) => name)).toEqual(["first", "two"]);
  await transaction((tx) => deletePolicyTest(tx, mara, { testId: id, version: 2 }));
  expect((await draft()).tests.map(({ name }) => name)).toEqual(["two"]);
});
