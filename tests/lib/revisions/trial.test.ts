import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { draftSummary } from "#lib/revisions/draft-summary.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { publish, revertRevision } from "#lib/revisions/mutations.ts";
import { listRevisions, runningTrial } from "#lib/revisions/queries.ts";
import { judgedMin, trialAlarm } from "#lib/revisions/trial-alarm.ts";
import { keepRevision } from "#lib/revisions/trial-mutations.ts";
import { checkTrial } from "#lib/revisions/watch-trial.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { mara, ruleRow } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { messageEvent } from "../../support/report-samples.ts";
import { enrol, reportedEvents } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const minute = 60_000;
const states = ["observe", "off", "on"] as const;
let changes = 0;

beforeAll(async () => {
  await importAndPublish(policyFixture("first-message.yaml", {}));
  await enrol();
});

/** Changes the draft and publishes it on trial; gives its number. */
async function tried(trialMinutes: number | null = 5): Promise<number> {
  const { id } = await ruleRow("no spoofing");
  const state = states[changes++ % states.length] ?? "on";
  await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId: id, state }] }));
  return (await transaction((tx) => publish(tx, mara, { comment: "", trialMinutes }))).number;
}

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * minute);
const documentOf = async (number: number) =>
  (await database().revision.findUniqueOrThrow({ where: { number } })).document;
const lastAudit = () => database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });

describe("a revision on trial", () => {
  it("is told of to everybody with when it goes back, and stays while its time is not over", async () => {
    const number = await tried();
    const trial = await runningTrial();
    expect(trial).toMatchObject({ number, previous: number - 1, startedBy: "Mara" });
    expect(Date.parse(trial?.endsAt ?? "") - Date.now()).toBeGreaterThan(4 * minute);
    expect(await checkTrial(inMinutes(4))).toBeNull();
  });

  it("goes back when nobody kept it, as a new revision; the draft keeps what was tried", async () => {
    const { number, previous } = (await runningTrial()) ?? expect.fail();
    expect(await checkTrial(inMinutes(6))).toBe(number);
    const { revisions } = await listRevisions(null);
    expect(revisions[0]).toMatchObject({ number: number + 1, restoredFrom: previous, authorName: "Postern" });
    expect(await documentOf(number + 1)).toBe(await documentOf(previous));
    expect(await draftSummary()).toMatchObject({
      changes: 1,
      liveRevision: number + 1,
      authors: [{ name: "Mara", changes: 1 }],
    });
    expect(await lastAudit()).toMatchObject({ action: "revision.revert", actor: "Postern" });
    expect(await runningTrial()).toBeNull();
    expect(await checkTrial(inMinutes(60))).toBeNull();
  });

  it("stays once somebody kept it; who comes later hears who that was", async () => {
    const number = await tried();
    await transaction((tx) => keepRevision(tx, mara, { number }));
    expect(await lastAudit()).toMatchObject({ action: "revision.keep", actor: "Mara" });
    expect(await checkTrial(inMinutes(60))).toBeNull();
    const late = transaction((tx) => revertRevision(tx, mara, { number, reason: "" }));
    await expect(late).rejects.toMatchObject({
      code: "REVISION_SETTLED",
      publicMessage: expect.stringContaining("kept by Mara"),
    });
  });

  it("goes back at once where somebody says so", async () => {
    const number = await tried();
    await transaction((tx) => revertRevision(tx, mara, { number, reason: "Mara did not want to wait" }));
    expect((await listRevisions(null)).revisions[0]).toMatchObject({
      comment: `r${number} taken back: Mara did not want to wait`,
    });
  });

  it("is over when another revision is published, which does not go back", async () => {
    const number = await tried();
    const next = await tried(null);
    expect(await runningTrial()).toBeNull();
    expect(await checkTrial(inMinutes(60))).toBeNull();
    expect(await database().revisionTrial.findUnique({ where: { number } })).toMatchObject({ ending: "superseded" });
    expect((await draftSummary()).liveRevision).toBe(next);
  });

  it("goes back before its time when it refuses far more than the hour before it", async () => {
    const number = await tried();
    const { decision } = messageEvent();
    const judged = (n: number, verdict: "allow" | "deny") =>
      messageEvent({
        id: `TRIAL${verdict}${n}`,
        at: new Date(Date.now() + 1_000).toISOString(),
        decision: { ...decision, revision: number, verdict },
      });
    await reportedEvents(Array.from({ length: judgedMin - 1 }, (_, n) => judged(n, "deny")));
    expect(await checkTrial(inMinutes(1))).toBeNull();
    await reportedEvents([judged(judgedMin, "deny")]);
    expect(await checkTrial(inMinutes(1))).toBe(number);
    expect((await listRevisions(null)).revisions[0]?.comment).toContain("it refuses 100 % of 20 messages");
  });
});

describe("what jumps", () => {
  const calm = { messages: 1_000, refused: 300 };
  const seen = { before: calm, under: calm, queuedBefore: 10, queuedNow: 10 };

  it.each([
    ["the same share of refusals", {}, null],
    ["19 points more", { under: { messages: 100, refused: 49 } }, null],
    ["20 points more", { under: { messages: 100, refused: 50 } }, "refuses 50 %"],
    ["fewer messages than tell something", { under: { messages: 19, refused: 19 } }, null],
    ["a queue that was long before", { queuedBefore: 5_000, queuedNow: 5_200 }, null],
    ["a queue that grew by 100 and to its double", { queuedBefore: 100, queuedNow: 200 }, "from 100 to 200"],
  ])("%s", (_, change, why) => {
    const alarm = trialAlarm({ ...seen, ...change });
    if (why === null) expect(alarm).toBeNull();
    else expect(alarm).toContain(why);
  });
});
