import { beforeAll, expect, it } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { moveRules } from "#lib/proxy-actions/move-rules.ts";
import { addRule } from "#lib/proxy-actions/mutations.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { publish } from "#lib/revisions/mutations.ts";
import { useTestDatabase } from "../../support/database.ts";
import { mara, ruleRow, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();

beforeAll(async () => {
  await importAndPublish(policyFixture("first-message.yaml", {}));
});

it("rules that several administrators add at once all get a place of their own", async () => {
  const { proxyActionId } = await ruleRow("no spoofing");
  const names = ["a", "b", "c", "d", "e"];
  await Promise.all(
    names.map((name) => {
      const rule = { name, state: "on", action: { kind: "deny" }, log: false, alarm: false } as const;
      return transaction((tx) => addRule(tx, mara, { proxyActionId, ruleset: "sender", before: null, rule }));
    }),
  );
  const rows = await database().rule.findMany({
    where: { proxyActionId, ruleset: "sender" },
    orderBy: { rank: "asc" },
  });
  expect(rows.map(({ rank }) => rank)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(rows.map(({ name }) => name).sort()).toEqual([...names, "no spoofing"].sort());
});

it("moves at once leave every rule in one place", async () => {
  const rules = await rulesOf("Mail in", "sender");
  const { proxyActionId } = await ruleRow("no spoofing");
  const to = { proxyActionId, ruleset: "sender", before: rules[0]?.id ?? null } as const;
  await Promise.all(
    rules.map(({ id }) => transaction((tx) => moveRules(tx, mara, { moves: [{ ruleIds: [id ?? ""], to }] }))),
  );
  const after = await rulesOf("Mail in", "sender");
  expect(after.map(({ name }) => name).sort()).toEqual(rules.map(({ name }) => name).sort());
});

it("of two who publish the same draft at once, one makes the revision and the other is told that it is live", async () => {
  const results = await Promise.allSettled([1, 2].map(() => transaction((tx) => publish(tx, mara, { comment: "" }))));
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "UNCHANGED" } });
  expect((await database().revision.findMany({ orderBy: { number: "asc" } })).map(({ number }) => number)).toEqual([
    1, 2,
  ]);
});
