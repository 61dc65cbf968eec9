import { afterAll, beforeAll, expect, test } from "vitest";
import type { DecisionRecord } from "#core/contract/decision.ts";
import { closeDatabase } from "#lib/db.ts";
import { exceptionTarget } from "#lib/messages/queries.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, ruleRow } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { messageEvent } from "../../support/report-samples.ts";

useTestDatabase();
afterAll(closeDatabase);
beforeAll(() => importDraft(policyFixture("first-message.yaml", {})));

function target(over: Partial<DecisionRecord>) {
  const event = messageEvent();
  return exceptionTarget({ ...event, decision: { ...event.decision, ...over } });
}

test("an exception stands before the rule that stopped the message", async () => {
  const { id, proxyActionId } = await ruleRow("no spoofing");
  expect(await target({ ruleId: id })).toBe(`${proxyActionId}:sender:${id}`);
});

test("and at the end of the ruleset when no rule of it matched", async () => {
  const { proxyActionId } = await ruleRow("no spoofing");
  expect(await target({ ruleId: null, stage: "recipient" })).toBe(`${proxyActionId}:recipient:end`);
});

test.each([
  { what: "the rule is no more", over: {} },
  { what: "the rule is of a worker that runs alone", over: { ruleId: "mine" } },
  { what: "nothing stopped it", over: { verdict: "allow" } },
  { what: "a limit did, and no rule", over: { ruleId: null, stage: null } },
] as const)("there is none where $what", async ({ over }) => {
  expect(await target(over)).toBeNull();
});
