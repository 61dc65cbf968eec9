import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "#lib/actor.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { publish, publishList, rollBack } from "#lib/revisions/mutations.ts";
import { listRevisions, type RevisionFilter } from "#lib/revisions/queries.ts";
import { readRevisionReport } from "#lib/revisions/report.ts";
import { parseRevision } from "#lib/revisions/revision-row.ts";
import { beginTrial } from "#lib/revisions/trial-mutations.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { messageEvent } from "../../support/report-samples.ts";
import { enrol, reportedEvents } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const first = policyFixture("first-message.yaml", {});
const repository: Actor = { name: "API token repository", address: "192.0.2.8", machine: true };

async function publishAs(actor: Actor, recipientsMax: number): Promise<number> {
  await importDraft(first.replace("recipientsMax: 100", `recipientsMax: ${recipientsMax}`));
  return (await transaction((tx) => publish(tx, actor, { comment: `for ${recipientsMax}` }))).number;
}

/** As a feed of the list of executables does it. */
async function feed(entries: string[]): Promise<number> {
  const newest = await database().revision.findFirstOrThrow({ orderBy: { number: "desc" } });
  const document = parseRevision(newest);
  const lists = document.lists.map((list) => ({ ...list, entries }));
  const made = transaction((tx) => publishList(tx, repository, { document: { ...document, lists }, comment: "fed" }));
  return (await made).number;
}

beforeAll(async () => {
  await importAndPublish(first);
  await enrol();
  await publishAs(mara, 90);
  await publishAs(repository, 80);
  await feed(["*.exe"]);
  await transaction((tx) => rollBack(tx, mara, { number: 2, comment: "" }));
});

describe("the history", () => {
  const numbers = async (filter: RevisionFilter) =>
    (await listRevisions(null, filter)).revisions.map(({ number }) => number);

  it.each([
    ["policy", [5, 3, 2, 1]],
    ["people", [5, 2]],
    ["programs", [4, 3, 1]],
    ["all", [5, 4, 3, 2, 1]],
  ] as const)("shows those of %s", async (filter, expected) => {
    expect(await numbers(filter)).toEqual(expected);
  });

  it("tells how each came about and what it changed in the one before it, whichever are shown", async () => {
    const { revisions } = await listRevisions(null, "people");
    expect(revisions.map(({ kind, byMachine }) => [kind, byMachine])).toEqual([
      ["roll-back", false],
      ["publish", false],
    ]);
    expect(revisions[0]?.changes.map(({ words }) => words)).toEqual([
      'list "executables" changed',
      'proxy action "Mail in" changed',
    ]);
  });
});

describe("the report on a revision", () => {
  it("has who did what with it, what it changed, and what it judged until the next one", async () => {
    const { decision } = messageEvent();
    const judged = (id: string, revision: number, verdict: "allow" | "deny") =>
      messageEvent({
        id,
        at: new Date(Date.now() + 1_000).toISOString(),
        decision: { ...decision, revision, verdict },
      });
    await reportedEvents([judged("REPORT1", 2, "deny"), judged("REPORT2", 2, "deny"), judged("REPORT3", 2, "allow")]);
    await reportedEvents([judged("REPORT4", 3, "deny")]);
    const report = (await readRevisionReport(2)) ?? expect.fail();
    expect(report.revision).toMatchObject({ comment: "for 90", authorName: "Mara", changes: [expect.anything()] });
    expect(report.acts).toMatchObject([{ actor: "Mara", summary: "Published: 1 change. for 90" }]);
    expect(report.verdicts).toEqual([
      { verdict: "deny", messages: 2 },
      { verdict: "allow", messages: 1 },
    ]);
    expect(report.rules).toEqual([{ ruleId: decision.ruleId, ruleName: decision.ruleName, messages: 3 }]);
    expect(report.until?.number).toBe(3);
  });

  it("is none where there is no such revision", async () => {
    expect(await readRevisionReport(99)).toBeNull();
  });
});

it("a fed list is not published over a revision that is on trial", async () => {
  await transaction((tx) => beginTrial(tx, mara, { number: 5, previous: 4, minutes: 5 }));
  await expect(feed(["*.scr"])).rejects.toMatchObject({ code: "REVISION_UNSETTLED" });
});
