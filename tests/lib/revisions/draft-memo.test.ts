import { beforeEach, describe, expect, it } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { addList } from "#lib/lists/mutations.ts";
import { currentDraft } from "#lib/revisions/draft-memo.ts";
import { draftSummary } from "#lib/revisions/draft-summary.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();

const add = (name: string) => transaction((tx) => addList(tx, mara, { name, kind: "domains", entries: [] }));

describe("the draft that is kept in memory", () => {
  beforeEach(() => importDraft(policyFixture("first-message.yaml", {})));

  it("is the same object until an edit, and what is there after it", async () => {
    const before = await currentDraft(database());
    expect(await currentDraft(database())).toBe(before);
    await add("new");
    const after = await currentDraft(database());
    expect(after).not.toBe(before);
    expect(after).toEqual(await draft());
  });

  it("is not what was read in a transaction that came to nothing", async () => {
    const failed = transaction(async (tx) => {
      await addList(tx, mara, { name: "never", kind: "domains", entries: [] });
      expect((await currentDraft(tx)).lists.map(({ name }) => name)).toContain("never");
      throw new Error("rolled back");
    });
    await expect(failed).rejects.toThrow("rolled back");
    expect(await currentDraft(database())).toEqual(await draft());
  });

  it("counts the changes anew after each edit", async () => {
    const { changes } = await draftSummary();
    await add("one more");
    expect((await draftSummary()).changes).toBe(changes + 1);
  });
});
