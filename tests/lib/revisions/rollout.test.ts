import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { draftSummary } from "#lib/revisions/draft-summary.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { type PublishInput, publish, revertRevision } from "#lib/revisions/mutations.ts";
import { publishedState, runningRollout, runningTrial } from "#lib/revisions/queries.ts";
import { widenRollout } from "#lib/revisions/rollout-mutations.ts";
import { judgedMin } from "#lib/revisions/trial-alarm.ts";
import { keepRevision } from "#lib/revisions/trial-mutations.ts";
import { checkTrial } from "#lib/revisions/watch-trial.ts";
import { meantRevision } from "#lib/workers/meant-revision.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { messageEvent } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const first = policyFixture("first-message.yaml", {});
let changes = 0;

beforeAll(async () => {
  await importAndPublish(first);
  for (const id of ["alpha", "beta", "gamma"]) await enrol(id);
});

/** Changes the draft and publishes it; gives its number. */
async function published(order: Omit<PublishInput, "comment"> = {}): Promise<number> {
  await importDraft(first.replace("recipientsMax: 100", `recipientsMax: ${101 + changes++}`));
  return (await transaction((tx) => publish(tx, mara, { comment: "", ...order }))).number;
}

const meant = async () =>
  Promise.all(["alpha", "beta", "gamma"].map(async (id) => (await meantRevision(database(), id))?.number));
const lastAudit = () => database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
const live = async () => (await draftSummary()).liveRevision;

describe("a revision that goes to some workers first", () => {
  it("is meant for those only, and everybody is told who has it and who has not", async () => {
    const number = await published({ firstWorkers: ["beta"] });
    expect(await meant()).toEqual([number - 1, number, number - 1]);
    expect(await runningRollout()).toEqual({
      number,
      previous: number - 1,
      startedBy: "Mara",
      first: ["beta"],
      others: 2,
    });
    const { workers } = (await publishedState()) ?? expect.fail();
    expect(workers.map(({ name, waits }) => [name, waits])).toEqual([
      ["alpha", true],
      ["beta", false],
      ["gamma", true],
    ]);
  });

  it("is not followed by another one that begins with some: the others would skip it", async () => {
    await expect(published({ firstWorkers: ["alpha"] })).rejects.toMatchObject({ code: "REVISION_UNSETTLED" });
  });

  it("goes to all when a person says so, once", async () => {
    const { number } = (await runningRollout()) ?? expect.fail();
    await transaction((tx) => widenRollout(tx, mara, { number }));
    expect(await meant()).toEqual([number, number, number]);
    expect(await lastAudit()).toMatchObject({ action: "revision.widen", actor: "Mara" });
    expect(await runningRollout()).toBeNull();
    const late = transaction((tx) => widenRollout(tx, mara, { number }));
    await expect(late).rejects.toMatchObject({ code: "REVISION_SETTLED" });
  });

  it("is taken back from them by a new revision for all; the draft keeps what was tried", async () => {
    const number = await published({ firstWorkers: ["alpha", "gamma"] });
    await transaction((tx) => revertRevision(tx, mara, { number, reason: "Mara did not want to wait" }));
    expect(await meant()).toEqual([number + 1, number + 1, number + 1]);
    expect(await draftSummary()).toMatchObject({ changes: 1, liveRevision: number + 1 });
    expect(await database().rollout.findUniqueOrThrow({ where: { number } })).toMatchObject({ ending: "reverted" });
  });

  it("never reaches the others once another one was published for all", async () => {
    const number = await published({ firstWorkers: ["alpha"] });
    const next = await published();
    expect(next).toBe(number + 1);
    expect(await meant()).toEqual([next, next, next]);
    expect(await database().rollout.findUniqueOrThrow({ where: { number } })).toMatchObject({ ending: "superseded" });
  });

  it.each([
    ["no worker", [], "INPUT_INVALID", "Choose some"],
    ["every worker", ["alpha", "beta", "gamma"], "INPUT_INVALID", "Choose some"],
    ["one that is not enrolled", ["delta"], "REF_MISSING", "delta"],
  ])("is refused for %s, and nothing is published", async (_, firstWorkers, code, words) => {
    const before = await live();
    await expect(published({ firstWorkers })).rejects.toMatchObject({
      code,
      publicMessage: expect.stringContaining(words),
    });
    expect(await live()).toBe(before);
  });
});

describe("a revision that is on trial at its first workers", () => {
  const minute = 60_000;

  /** `count` messages, denied by what this worker enforces. */
  async function denied(worker: string, revision: number, count: number): Promise<void> {
    const { decision } = messageEvent();
    const events = Array.from({ length: count }, (_, n) =>
      messageEvent({
        id: `ROLLOUT${worker}${revision}-${n}`,
        at: new Date(Date.now() + 1_000).toISOString(),
        decision: { ...decision, revision, verdict: "deny" },
      }),
    );
    await reported({ events }, new Date(), worker);
  }

  it("goes back from them when nobody keeps it in time", async () => {
    const number = await published({ firstWorkers: ["alpha"], trialMinutes: 5 });
    expect(await checkTrial(new Date(Date.now() + 6 * minute))).toBe(number);
    expect(await meant()).toEqual([number + 1, number + 1, number + 1]);
    expect([await runningRollout(), await runningTrial()]).toEqual([null, null]);
  });

  it("stays with them when somebody keeps it; it still takes a person to give it to all", async () => {
    const number = await published({ firstWorkers: ["alpha"], trialMinutes: 5 });
    await transaction((tx) => keepRevision(tx, mara, { number }));
    expect(await meant()).toEqual([number, number - 1, number - 1]);
    await transaction((tx) => widenRollout(tx, mara, { number }));
  });

  it("is judged by what they refuse, and goes back from all when it was given to all meanwhile", async () => {
    const number = await published({ firstWorkers: ["alpha"], trialMinutes: 60 });
    await denied("beta", number, judgedMin);
    expect(await checkTrial(new Date())).toBeNull();
    await transaction((tx) => widenRollout(tx, mara, { number }));
    expect((await runningTrial())?.number).toBe(number);
    expect(await checkTrial(new Date())).toBe(number);
    expect(await meant()).toEqual([number + 1, number + 1, number + 1]);
  });
});
