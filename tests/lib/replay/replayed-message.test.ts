import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { runJobs } from "#lib/jobs/job-runner.ts";
import { startReplay } from "#lib/replay/mutations.ts";
import { replayMessage } from "#lib/replay/replayed-message.ts";
import { replayJobs } from "#lib/replay/run-jobs.ts";
import { publish } from "#lib/revisions/mutations.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara } from "../../support/draft.ts";
import { judgedFacts, judgingPolicy, messagesJudged } from "../../support/judged-messages.ts";
import { messageEvent } from "../../support/report-samples.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const now = new Date("2026-01-05T12:00:00.000Z");
const programs = { name: "programs", when: { fileName: { like: "*.exe" } }, action: "strip" };
const words = { name: "words", when: { text: { like: "*x*" }, fileName: { like: "*.exe" } }, action: "deny" };

beforeAll(async () => {
  await importDraft(judgingPolicy({ attachment: { rules: [{ ...programs, state: "observe" }] } }));
  await transaction((tx) => publish(tx, mara, { comment: "" }));
  await messagesJudged(judgedFacts({ fileNames: ["setup.exe"] }), 1, now);
  const step = { stage: "attachment", ruleId: "x", ruleName: "programs", state: "observe", action: "strip" } as const;
  const evidence = [{ fact: "fileName", test: "is like *.exe", observed: "setup.exe" }];
  const before = messageEvent({ id: "M1" });
  const trace = [{ ...step, matched: true, evidence }];
  const decision = { ...before.decision, verdict: "allow", ruleId: null, ruleName: null, trace } as const;
  await database().mailEvent.update({ where: { id: "M1" }, data: { detail: { ...before, decision } } });
});

async function replayed(rules: object[]): Promise<string> {
  await importDraft(judgingPolicy({ attachment: { rules } }));
  const id = await transaction((tx) => startReplay(tx, { hours: 24, revision: null }, mara, now));
  await runJobs(replayJobs);
  return id;
}

test("a message of a replay is shown as it was judged and as it would be, with what each rule saw", async () => {
  const id = await replayed([programs]);
  expect(await replayMessage(id, "M1")).toMatchObject({
    event: { id: "M1", subject: "Invoice" },
    revision: 1,
    tried: null,
    before: { verdict: "allow", trace: [{ ruleName: "programs", matched: true }] },
    after: {
      replayed: { kind: "decided", verdict: "strip", rule: { name: "programs" } },
      steps: [{ stage: "attachment", ruleName: "programs", matched: true, evidence: [{ observed: "setup.exe" }] }],
    },
  });
});

test("where nothing can be said it is the rule of which it cannot, with the reason", async () => {
  const id = await replayed([words]);
  expect(await replayMessage(id, "M1")).toMatchObject({
    after: {
      replayed: { kind: "not-replayable", why: "it asks for the text", rule: { name: "words" } },
      steps: [{ ruleName: "words", matched: null, evidence: null }],
    },
  });
});

test("what was tried is known until the draft is replayed again, and as the revision that it became", async () => {
  const first = await replayed([programs]);
  const second = await replayed([words]);
  expect(await replayMessage(first, "M1")).toMatchObject({ gone: expect.stringContaining("replayed again") });
  await transaction((tx) => publish(tx, mara, { comment: "" }));
  await replayed([programs]);
  expect(await replayMessage(second, "M1")).toMatchObject({ after: { steps: [{ ruleName: "words" }] } });
});

test("of a message whose facts are gone it says so; what there never was is not found", async () => {
  const id = await replayed([programs]);
  expect(await replayMessage(id, "another")).toBeNull();
  expect(await replayMessage("6f1c2d0e-5f9b-4b58-8c39-1f4be4f0a001", "M1")).toBeNull();
  await database().messageFacts.deleteMany();
  expect(await replayMessage(id, "M1")).toMatchObject({ gone: "What it was judged by is no longer kept." });
});
