import { afterAll, beforeAll, expect, test } from "vitest";
import { newRuleId } from "#core/contract/simulation.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { ruleInputSchema } from "#lib/proxy-actions/rule-input.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { type Try, trySchema } from "#lib/simulator/simulator-input.ts";
import { tryMessage } from "#lib/simulator/try-message.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { startTryingWorker } from "../../support/trying-worker.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);
beforeAll(() => importAndPublish(policyFixture("first-message.yaml", {})));

const program =
  'Subject: x\r\nContent-Type: application/octet-stream; name="a.exe"\r\nContent-Disposition: attachment; filename="a.exe"\r\n\r\nMZ\r\n';
const input = {
  at: "2026-01-05T12:00:00.000Z",
  interface: "External",
  port: null,
  client: "192.0.2.7",
  helo: "client.example",
  tls: false,
  user: null,
  sender: "ann@sender.test",
  recipients: ["demo@example.test"],
};

async function tried(policy: Try["policy"]) {
  const message = { kind: "given", base64: Buffer.from(program).toString("base64") };
  const ask = { dns: false, scanners: false };
  const answer = await tryMessage(trySchema.parse({ policy, input, message, others: [], ask }), mara, ["read-mail"]);
  if (answer.by !== "session") throw new Error("not of a session");
  return answer;
}

const fared = ({ events }: { events: { decision: { verdict: string; ruleName: string | null } | null }[] }) =>
  events.map(({ decision }) => `${decision?.verdict} by ${decision?.ruleName}`);

test("a trial of the draft tells what the live revision says of the same, once they differ", async () => {
  await startTryingWorker();
  expect((await tried("draft")).live).toBeNull();
  const { id } = await executables();
  await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId: id, state: "off" }] }));
  const { events, live } = await tried("draft");
  expect(events.map(({ decision }) => decision?.verdict)).toEqual(["allow"]);
  expect(live).toEqual({ number: 1, fared: [{ verdict: "deny", rule: "executables" }] });
  expect((await tried("live")).live).toBeNull();
});

/** That of mail that comes in: fetched mail has one of the same name. */
function executables() {
  return database().rule.findFirstOrThrow({
    where: { name: "executables", proxyAction: { name: "Mail in" } },
    select: { id: true, proxyActionId: true },
  });
}

test("a rule is tried as it is typed, in its place or before another, and nothing of it is saved", async () => {
  await startTryingWorker();
  const before = await draft();
  const { id, proxyActionId } = await executables();
  const place = { proxyActionId, ruleset: "attachment" as const };
  const typed = { name: "typed", state: "on", when: { fileName: { is: "a.exe" } }, action: "quarantine" };
  const rule = ruleInputSchema.parse(typed);
  const inPlace = await tried({ ...place, target: { kind: "edit", ruleId: id }, rule });
  expect(fared(inPlace)).toEqual(["quarantine by typed"]);
  expect(inPlace.live?.fared).toEqual([{ verdict: "deny", rule: "executables" }]);
  expect(inPlace.rules.find(({ ruleId }) => ruleId === id)).toMatchObject({ ruleName: "typed", matched: true });

  const first = await tried({ ...place, target: { kind: "new", before: id }, rule });
  expect(first.rules.find(({ ruleId }) => ruleId === newRuleId)).toMatchObject({ ruleName: "typed", matched: true });
  const misses = ruleInputSchema.parse({ ...typed, when: { fileName: { is: "b.exe" } } });
  const last = await tried({ ...place, target: { kind: "new", before: null }, rule: misses });
  const look = last.rules.find(({ ruleId }) => ruleId === newRuleId);
  expect(look).toMatchObject({ matched: false, evidence: [{ fact: "fileName", observed: "a.exe" }] });
  expect(await draft()).toEqual(before);
});

test("a typed rule that no worker could take is refused with what is wrong, and one whose place is gone with what to do", async () => {
  await startTryingWorker();
  const { id, proxyActionId } = await executables();
  const place = { proxyActionId, ruleset: "attachment" as const };
  const rule = ruleInputSchema.parse({ name: "typed", when: { fileName: { inList: "nowhere" } }, action: "deny" });
  await expect(tried({ ...place, target: { kind: "edit", ruleId: id }, rule })).rejects.toMatchObject({
    code: "POLICY_INVALID",
    publicMessage: expect.stringMatching(/typed[^]*nowhere/),
  });
  const target = { kind: "edit" as const, ruleId: proxyActionId };
  await expect(tried({ ...place, target, rule })).rejects.toMatchObject({
    code: "NOT_FOUND",
    publicMessage: expect.stringMatching(/gone from the draft/),
  });
});
