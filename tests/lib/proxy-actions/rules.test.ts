import { beforeEach, describe, expect, it } from "vitest";
import type { Rule } from "#core/contract/rule.ts";
import { database, transaction } from "#lib/db.ts";
import { deleteRules } from "#lib/proxy-actions/change-rules.ts";
import { addRule, cloneRule, editNoneMatched, editRule } from "#lib/proxy-actions/mutations.ts";
import type { RuleInput } from "#lib/proxy-actions/rule-input.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara, ruleRow, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();

const otto = { name: "Otto", address: "192.0.2.9" };
const scripts: RuleInput = {
  name: "scripts",
  state: "on",
  when: { fileName: { like: "*.vbs" } },
  action: { kind: "deny" },
  log: true,
  alarm: false,
};

beforeEach(async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
});

async function add(rule: RuleInput, before: string | null = null, ruleset: "attachment" | "header" = "attachment") {
  const { proxyActionId } = await ruleRow("no spoofing");
  return transaction((tx) => addRule(tx, mara, { proxyActionId, ruleset, before, rule }));
}

async function names(): Promise<string[]> {
  return (await rulesOf("Mail in", "attachment")).map(({ name }: Rule) => name);
}

async function lastAudit() {
  return database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
}

describe("adding a rule", () => {
  it("puts it at the end, or before the rule that is named", async () => {
    const id = await add(scripts);
    await add({ ...scripts, name: "macros" }, id);
    expect(await names()).toEqual(["executables", "macros", "scripts"]);
  });

  it("opens a ruleset that had no rules", async () => {
    await add({ ...scripts, when: { headerName: { is: "X-Test" } } }, null, "header");
    expect((await rulesOf("Mail in", "header")).map(({ name }) => name)).toEqual(["scripts"]);
  });

  it("writes what was added into the audit log", async () => {
    const id = await add(scripts);
    expect(await lastAudit()).toMatchObject({
      actor: "Mara",
      action: "rule.add",
      object: 'rule "scripts" of Mail in, attachment',
      summary: "At position 2: If file name is like *.vbs, deny.",
      detail: { id, after: scripts },
    });
  });

  it("is refused with the reason when the draft would become invalid, and leaves no trace", async () => {
    const before = [await draft(), await database().auditEntry.count()];
    await expect(add({ ...scripts, when: { fileName: { inList: "nothing" } } })).rejects.toMatchObject({
      code: "REF_MISSING",
      publicMessage: expect.stringContaining('there is no list "nothing"'),
    });
    await expect(add({ ...scripts, name: "executables" })).rejects.toMatchObject({ code: "POLICY_INVALID" });
    await expect(add({ ...scripts, when: { subject: { pattern: "a(" } } })).rejects.toMatchObject({
      code: "POLICY_INVALID",
    });
    await expect(add({ ...scripts, action: { kind: "replace" } })).rejects.toMatchObject({ code: "POLICY_INVALID" });
    expect([await draft(), await database().auditEntry.count()]).toEqual(before);
  });
});

describe("editing a rule", () => {
  it("replaces its content and keeps its id", async () => {
    const { id, version } = await ruleRow("no spoofing");
    await transaction((tx) => editRule(tx, mara, { ruleId: id, version, rule: { ...scripts, when: undefined } }));
    expect(await rulesOf("Mail in", "sender")).toEqual([
      { id, name: "scripts", state: "on", action: { kind: "deny" }, log: true, alarm: false },
    ]);
  });

  it("tells the second of two editors who was first", async () => {
    const { id, version } = await ruleRow("no spoofing");
    const edit = (actor: typeof mara, name: string) =>
      transaction((tx) => editRule(tx, actor, { ruleId: id, version, rule: { ...scripts, when: undefined, name } }));
    await edit(otto, "first");
    await expect(edit(mara, "second")).rejects.toMatchObject({
      code: "EDIT_CONFLICT",
      publicMessage: expect.stringMatching(/^Rule not saved: changed by Otto (just now|\d+ s ago)\./),
    });
    expect((await rulesOf("Mail in", "sender"))[0]?.name).toBe("first");
  });

  it("says so when the rule was deleted meanwhile", async () => {
    const { id, version } = await ruleRow("no spoofing");
    await transaction((tx) => deleteRules(tx, otto, { rules: [{ ruleId: id, version }] }));
    await expect(transaction((tx) => editRule(tx, mara, { ruleId: id, version, rule: scripts }))).rejects.toMatchObject(
      {
        code: "OBJECT_GONE",
        publicMessage: expect.stringContaining("deleted by Otto"),
      },
    );
  });
});

describe("a clone", () => {
  it("lands right below its original, off, under a free name", async () => {
    await add(scripts);
    const top = await database().rule.findFirstOrThrow({
      where: { name: "executables", proxyAction: { name: "Mail in" } },
    });
    for (let n = 0; n < 2; n++) await transaction((tx) => cloneRule(tx, mara, { ruleId: top.id }));
    expect(await names()).toEqual(["executables", "executables (copy 2)", "executables (copy)", "scripts"]);
    expect((await rulesOf("Mail in", "attachment"))[1]?.state).toBe("off");
  });
});

describe("the default of a ruleset", () => {
  it("is set when it is still as its editor saw it", async () => {
    const { proxyActionId } = await ruleRow("no spoofing");
    const action = await database().proxyAction.findUniqueOrThrow({ where: { id: proxyActionId } });
    const input = {
      proxyActionId,
      version: action.version,
      ruleset: "recipient",
      noneMatched: { action: { kind: "deny" }, log: true },
    } as const;
    await transaction((tx) => editNoneMatched(tx, mara, input));
    expect((await draft()).proxyActions[0]?.rulesets).toMatchObject({
      recipient: { rules: [], noneMatched: { action: { kind: "deny" }, log: true } },
    });
    await expect(transaction((tx) => editNoneMatched(tx, mara, input))).rejects.toMatchObject({
      code: "EDIT_CONFLICT",
    });
  });
});
