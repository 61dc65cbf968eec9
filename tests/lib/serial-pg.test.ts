import { expect, it, onTestFinished } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { policyReferences } from "#lib/revisions/draft-document.ts";
import { useTestDatabase } from "../support/database.ts";
import { importDraft } from "../support/draft.ts";
import { policyFixture } from "../support/policy-fixture.ts";

useTestDatabase();

function heardWarnings(): string[] {
  const heard: string[] = [];
  const hear = ({ message }: Error) => heard.push(message);
  process.on("warning", hear);
  onTestFinished(() => {
    process.off("warning", hear);
  });
  return heard;
}

it("a transaction that reads rows with several relations sends one statement after the other", async () => {
  const warnings = heardWarnings();
  await importDraft(policyFixture("first-message.yaml", {}));
  const rows = await transaction((tx) => tx.policy.findMany({ include: policyReferences }));
  expect(rows[0]).toMatchObject({ route: { protocol: "smtp" }, fromInterface: { name: "External" } });
  // Warnings come with the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});

it("a statement that fails ends its transaction in its own words, though another waits behind it", async () => {
  const lists = await database().list.count();
  const list = { name: "one", kind: "domains", entries: [], rank: 0 };
  const work = transaction((tx) =>
    Promise.all([tx.list.create({ data: list }), tx.list.create({ data: list }), tx.list.count()]),
  );
  await expect(work).rejects.toMatchObject({ code: "P2002" });
  expect(await database().list.count()).toBe(lists);
});
