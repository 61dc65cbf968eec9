import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, transaction } from "#lib/db.ts";
import { setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { trySchema } from "#lib/simulator/simulator-input.ts";
import { tryMessage } from "#lib/simulator/try-message.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { mara, ruleRow } from "../../support/draft.ts";
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

async function tried(policy: "draft" | "live") {
  const message = { kind: "given", base64: Buffer.from(program).toString("base64") };
  const ask = { dns: false, scanners: false };
  return tryMessage(trySchema.parse({ policy, input, message, others: [], ask }), mara, ["read-mail"]);
}

test("a trial of the draft tells what the live revision says of the same, once they differ", async () => {
  await startTryingWorker();
  expect((await tried("draft")).live).toBeNull();
  const { id } = await ruleRow("executables");
  await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId: id, state: "off" }] }));
  const { events, live } = await tried("draft");
  expect(events.map(({ decision }) => decision?.verdict)).toEqual(["allow"]);
  expect(live).toEqual({ number: 1, fared: [{ verdict: "deny", rule: "executables" }] });
  expect((await tried("live")).live).toBeNull();
});
