import { beforeAll, describe, expect, test } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { readOverview } from "#lib/overview/overview.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { publish, rollBack } from "#lib/revisions/mutations.ts";
import { draftReview, readRevision } from "#lib/revisions/queries.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { report } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();

function enforces(revision: number, digest: string) {
  return reported({ status: { ...report(1).status, revision, digest } });
}

describe("a worker that enforces revisions of a database that was replaced", () => {
  beforeAll(async () => {
    await importAndPublish(policyFixture("first-message.yaml", {}));
    await enrol();
  });

  test("is named on the overview, with what to do", async () => {
    await enforces(40, "a".repeat(64));
    const { attention } = await readOverview(null, new Date());
    expect(attention.items.map(({ text, href }) => [text, href])).toContainEqual([
      "Worker local enforces an r40 that this database does not know.",
      "/changes",
    ]);
  });

  test("is reached by publishing, even an unchanged draft: the number starts above the worker's", async () => {
    expect(await draftReview()).toMatchObject({ liveRevision: 1, foreignRevision: 40, next: 41, changes: [] });
    const { digest } = await draftReview();
    const made = await transaction((tx) => publish(tx, mara, { comment: "", draftDigest: digest }));
    expect(made.number).toBe(41);
    expect(await readRevision(41)).toMatchObject({ changes: [], isLive: true });
  });

  test("is known again once it took that revision, and an unchanged draft is refused as ever", async () => {
    const { digest } = await database().revision.findUniqueOrThrow({ where: { number: 41 } });
    await enforces(41, digest);
    expect(await draftReview()).toMatchObject({ foreignRevision: null, next: 42 });
    await expect(transaction((tx) => publish(tx, mara, { comment: "" }))).rejects.toMatchObject({ code: "UNCHANGED" });
  });

  test("with the live number but another policy is foreign too", async () => {
    await enforces(41, "b".repeat(64));
    expect(await draftReview()).toMatchObject({ foreignRevision: 41, next: 42 });
    const made = await transaction((tx) => rollBack(tx, mara, { number: 1, comment: "" }));
    expect(made.number).toBe(42);
  });

  test("cannot use up the numbers", async () => {
    await enforces(2_000_000_000, "c".repeat(64));
    expect(await draftReview()).toMatchObject({ foreignRevision: null, next: 43 });
  });
});
