import { beforeEach, describe, expect, it } from "vitest";
import { routeSchema } from "#core/contract/policy-document.ts";
import { policyTestSchema } from "#core/contract/policy-test.ts";
import { mergeFields, withFields } from "#core/policy/merge.ts";
import { transaction } from "#lib/db.ts";
import { addInspection, editInspection } from "#lib/inspection/mutations.ts";
import { editInterface } from "#lib/interfaces/mutations.ts";
import { editList } from "#lib/lists/mutations.ts";
import { editPolicy } from "#lib/policies/mutations.ts";
import { addPolicyTest, editPolicyTest } from "#lib/policy-tests/mutations.ts";
import { editRule } from "#lib/proxy-actions/mutations.ts";
import { editRoute } from "#lib/routes/mutations.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara, ruleRow, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const yaml = policyFixture("first-message.yaml", {});

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error("there is none");
  return item;
}

/** What there is of each noun, and how it is saved at a version. */
async function nouns() {
  const document = await draft();
  const { id: _, ...rule } = first(await rulesOf("Mail in", "sender"));
  const [policy, route, list] = [first(document.policies), first(document.routes), first(document.lists)];
  const side = first(document.interfaces);
  const notice = { name: "n", text: "Removed." };
  const given = { interface: side.name, client: "192.0.2.7", sender: "", recipients: ["demo@example.test"] };
  const policyTest = policyTestSchema.parse({ name: "t", given, must: { verdict: ["deny"] } });
  const rows = await transaction(async (tx) => ({
    policy: await tx.policy.findFirstOrThrow({ where: { name: policy.name } }),
    route: await tx.route.findFirstOrThrow({ where: { name: route.name } }),
    list: await tx.list.findFirstOrThrow({ where: { name: list.name } }),
    side: await tx.interface.findFirstOrThrow({ where: { name: side.name } }),
    testId: await addPolicyTest(tx, mara, policyTest),
    noticeId: await addInspection(tx, mara, { kind: "notice", object: notice }),
    rule: await ruleRow("no spoofing"),
  }));
  return { rule, policy, route, list, side, notice, policyTest, rows };
}

it("an edit of an object that somebody renamed meanwhile meets it under its new name, and is saved there", async () => {
  await importDraft(yaml);
  const { route, rows } = await nouns();
  const save = (version: number, changed: typeof route) =>
    transaction((tx) => editRoute(tx, mara, { routeId: rows.route.id, version, route: changed }));
  await save(rows.route.version, { ...route, name: "exchange" });
  const mine = { ...route, connectTimeoutMs: 5_000 };
  const theirs = { ...route, name: "exchange" };
  await expect(save(rows.route.version, mine)).rejects.toMatchObject({ current: { value: theirs } });
  const merged = routeSchema.parse(withFields(mine, mergeFields(route, mine, theirs)));
  await save(rows.route.version + 1, merged);
  expect((await draft()).routes).toContainEqual({ ...route, name: "exchange", connectTimeoutMs: 5_000 });
});

describe("saving on a version that is not the newest", () => {
  beforeEach(() => importDraft(yaml));

  it.each(["rule", "policy", "route", "list", "interface", "notice", "policy test"])(
    "answers with what is there now, at its version: %s",
    async (noun) => {
      const { rows, ...values } = await nouns();
      const save = (version: number) =>
        transaction((tx) => {
          if (noun === "rule") return editRule(tx, mara, { ruleId: rows.rule.id, version, rule: values.rule });
          if (noun === "policy")
            return editPolicy(tx, mara, { policyId: rows.policy.id, version, policy: values.policy });
          if (noun === "route") return editRoute(tx, mara, { routeId: rows.route.id, version, route: values.route });
          if (noun === "list") return editList(tx, mara, { listId: rows.list.id, version, list: values.list });
          if (noun === "interface")
            return editInterface(tx, mara, { interfaceId: rows.side.id, version, interface: values.side });
          if (noun === "policy test")
            return editPolicyTest(tx, mara, { testId: rows.testId, version, test: values.policyTest });
          return editInspection(tx, mara, {
            id: rows.noticeId,
            version,
            edited: { kind: "notice", object: values.notice },
          });
        });
      const keys = { interface: "side", "policy test": "policyTest" } as const;
      const key = noun === "interface" || noun === "policy test" ? keys[noun] : (noun as "rule");
      const value = values[key];
      const version = noun === "notice" || noun === "policy test" ? 1 : rows[key as "rule"].version;
      await save(version);
      await expect(save(version)).rejects.toMatchObject({
        code: "EDIT_CONFLICT",
        publicMessage: expect.stringMatching(
          /changed by Mara (just now|\d+ s ago)\. .* can be put together with theirs\.$/,
        ),
        current: { version: version + 1, value },
      });
      await save(version + 1);
    },
  );
});
