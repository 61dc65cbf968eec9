import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { publish } from "#lib/revisions/mutations.ts";
import { findPastMessages } from "#lib/simulator/queries.ts";
import { trySchema } from "#lib/simulator/simulator-input.ts";
import { tryMessage } from "#lib/simulator/try-message.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara, ruleRow } from "../../support/draft.ts";
import { judgedFacts, judgingPolicy, messagesJudged } from "../../support/judged-messages.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const now = new Date("2026-01-05T12:00:00.000Z");
const judging = judgingPolicy({
  attachment: { rules: [{ name: "programs", when: { fileName: { like: "*.exe" } }, action: "deny" }] },
});
const input = {
  at: now.toISOString(),
  interface: "External",
  client: "192.0.2.7",
  sender: "",
  recipients: ["nobody@example.test"],
};

beforeAll(async () => {
  await importDraft(judging);
  await transaction((tx) => publish(tx, mara, { comment: "" }));
  await messagesJudged(judgedFacts({ fileNames: ["a.exe"] }), 1, now, "program");
});

async function tried(id: string, policy: "draft" | "live") {
  const message = { kind: "facts", id };
  const asked = trySchema.parse({ policy, input, message, others: [], ask: { dns: false, scanners: false } });
  const answer = await tryMessage(asked, mara, []);
  if (answer.by !== "facts") throw new Error("not by its facts");
  return answer;
}

test("a past message of which nothing is kept but its facts is tried by them, without a worker, and without a look at mail", async () => {
  const [past] = await findPastMessages({ text: "program1", protocol: null });
  const id = past?.id ?? "";
  const live = await tried(id, "live");
  expect(live).toMatchObject({
    replayed: { kind: "decided", verdict: "deny", rule: { name: "programs" } },
    live: null,
  });
  expect(live.steps[0]).toMatchObject({ ruleName: "programs", matched: true, evidence: [{ observed: "a.exe" }] });
  const { id: ruleId } = await ruleRow("programs");
  await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId, state: "off" }] }));
  const draft = await tried(id, "draft");
  expect(draft).toMatchObject({
    replayed: { kind: "decided", verdict: "allow" },
    live: { number: 1, replayed: { kind: "decided", verdict: "deny" } },
  });
});

test("without its facts it says what is possible", async () => {
  await expect(tried("nothing", "live")).rejects.toMatchObject({
    code: "NOT_FOUND",
    publicMessage: expect.stringMatching(/Add its \.eml file, or try its envelope alone/),
  });
});

test("past messages are found by subject, sender or id, over one protocol or both, the newest first", async () => {
  const [one] = await database().mailEvent.findMany({ where: { kind: "message" } });
  const id = one?.id ?? "";
  for (const text of [null, "HELLO", "A@sender", id]) {
    const found = await findPastMessages({ text, protocol: null });
    expect(found.map((choice) => choice.id)).toContain(id);
  }
  expect(await findPastMessages({ text: "no such thing", protocol: null })).toEqual([]);
  expect(await findPastMessages({ text: null, protocol: "pop3" })).toEqual([]);
});
