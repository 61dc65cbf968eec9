import { beforeAll, describe, expect, it } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { draftSummary } from "#lib/revisions/draft-summary.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { discardDraft, publish, rollBack } from "#lib/revisions/mutations.ts";
import { compareRevisions, draftReview, listRevisions, readRevision } from "#lib/revisions/queries.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, mara, ruleRow, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const yaml = policyFixture("first-message.yaml", {});

async function setState(state: "on" | "observe" | "off") {
  const { id } = await ruleRow("no spoofing");
  await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId: id, state }] }));
}

describe("publishing", () => {
  beforeAll(() => importAndPublish(yaml));

  it("makes revision 1 of the document that the first start brings, once", async () => {
    expect(await draftSummary()).toMatchObject({ changes: 0, liveRevision: 1, authors: [] });
    expect(await importAndPublish(yaml)).toBeNull();
    expect(await database().revision.count()).toBe(1);
  });

  it("is refused without changes", async () => {
    await expect(transaction((tx) => publish(tx, mara, { comment: "" }))).rejects.toMatchObject({
      code: "UNCHANGED",
      publicMessage: "Nothing to publish: this is exactly r1, which is live.",
    });
  });

  it("is refused when the draft is not the one that was reviewed", async () => {
    const { digest } = await draftReview();
    await setState("observe");
    const late = transaction((tx) => publish(tx, mara, { comment: "", draftDigest: digest }));
    await expect(late).rejects.toMatchObject({ code: "DRAFT_CHANGED" });
  });

  it("shows before what it will change, in words and as YAML", async () => {
    const review = await draftReview();
    expect(review.changes.map(({ words }) => words)).toEqual(['rule "no spoofing" of Mail in, sender: on → observe']);
    expect(review.yaml.flatMap(({ lines }) => lines).filter(({ kind }) => kind !== "same")).toEqual([
      { kind: "added", text: "            state: observe" },
    ]);
    expect(review.problems).toBeNull();
  });

  it("makes the next revision, with who, why, and an audit row", async () => {
    const { digest } = await draftReview();
    await transaction((tx) => publish(tx, mara, { comment: "watch first", draftDigest: digest }));
    const { revisions } = await listRevisions(null);
    expect(revisions[0]).toMatchObject({ number: 2, authorName: "Mara", comment: "watch first", isLive: true, digest });
    expect(revisions[0]?.changes).toHaveLength(1);
    const last = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect(last).toMatchObject({
      action: "revision.publish",
      object: "revision r2",
      summary: "Published: 1 change. watch first",
    });
  });

  it("keeps the exact text that the digest is of", async () => {
    const { document, digest } = await database().revision.findUniqueOrThrow({ where: { number: 2 } });
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(document));
    expect(Buffer.from(hash).toString("hex")).toBe(digest);
  });
});

describe("comparing", () => {
  it("tells what going from any revision to any other changes, both ways", async () => {
    const words = async (from: number, to: number) =>
      (await compareRevisions(from, to))?.changes.map((one) => one.words);
    expect(await words(1, 2)).toEqual(['rule "no spoofing" of Mail in, sender: on → observe']);
    expect(await words(2, 1)).toEqual(['rule "no spoofing" of Mail in, sender: observe → on']);
    expect(await compareRevisions(2, 2)).toEqual({ changes: [], yaml: [] });
    expect(await compareRevisions(1, 99)).toBeNull();
  });
});

describe("rolling back", () => {
  it("publishes the old document as a new revision and sets the draft to it", async () => {
    expect((await readRevision(1))?.rollBackChanges.map(({ words }) => words)).toEqual([
      'rule "no spoofing" of Mail in, sender: observe → on',
    ]);
    const { id } = await ruleRow("no spoofing");
    await transaction((tx) => rollBack(tx, mara, { number: 1, comment: "" }));
    expect((await rulesOf("Mail in", "sender"))[0]).toMatchObject({ id, state: "on" });
    expect((await listRevisions(null)).revisions[0]).toMatchObject({ number: 3, restoredFrom: 1 });
    expect(await draftSummary()).toMatchObject({ changes: 0, liveRevision: 3 });
  });

  it("leaves a draft alone that holds what was not published, whoever did it", async () => {
    await setState("off");
    await transaction((tx) => rollBack(tx, mara, { number: 2, comment: "" }));
    expect((await rulesOf("Mail in", "sender"))[0]?.state).toBe("off");
    expect(await draftSummary()).toMatchObject({ changes: 1, liveRevision: 4 });
    await transaction((tx) => rollBack(tx, mara, { number: 1, comment: "" }));
    await transaction((tx) => discardDraft(tx, mara));
  });

  it("to what is live already is refused and changes nothing", async () => {
    await setState("off");
    const before = await draft();
    await expect(transaction((tx) => rollBack(tx, mara, { number: 1, comment: "" }))).rejects.toMatchObject({
      code: "UNCHANGED",
    });
    expect(await draft()).toEqual(before);
  });

  it("to a revision that never was is refused", async () => {
    await expect(transaction((tx) => rollBack(tx, mara, { number: 99, comment: "" }))).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("discarding the draft", () => {
  it("makes it equal to the live revision, and says what went", async () => {
    await setState("observe");
    await transaction((tx) => discardDraft(tx, mara));
    expect(await draftSummary()).toMatchObject({ changes: 0, liveRevision: 5 });
    const last = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect(last).toMatchObject({ action: "draft.discard", summary: "1 change discarded; the draft equals r5" });
  });

  it("without changes is refused", async () => {
    await expect(transaction((tx) => discardDraft(tx, mara))).rejects.toMatchObject({ code: "UNCHANGED" });
  });
});
