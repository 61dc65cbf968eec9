import { beforeEach, describe, expect, it } from "vitest";
import type { Stage } from "#core/contract/facts.ts";
import { toTop } from "#core/policy/rule-orders.ts";
import { verifyChain } from "#lib/audit/chain.ts";
import { database, transaction } from "#lib/db.ts";
import { rememberEdit, undoEdit } from "#lib/draft/edit-memory.ts";
import { deleteRules, setRuleSection, setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { moveRules } from "#lib/proxy-actions/move-rules.ts";
import { addRule, cloneRule } from "#lib/proxy-actions/mutations.ts";
import { sectionAround } from "#lib/proxy-actions/queries.ts";
import type { RuleInput } from "#lib/proxy-actions/rule-input.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();

const ids = new Map<string, string>();
let proxyActionId = "";

beforeEach(async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
  const action = await database().proxyAction.findFirstOrThrow({ where: { name: "Mail in" } });
  proxyActionId = action.id;
  for (const name of ["a", "b", "c", "d"]) await add(name, { recipient: { is: `${name}@example.test` } });
});

async function add(name: string, when: RuleInput["when"]): Promise<void> {
  const rule: RuleInput = { name, state: "on", when, action: { kind: "deny" }, log: false, alarm: false };
  const place = { proxyActionId, ruleset: "recipient", before: null, rule } as const;
  ids.set(name, await transaction((tx) => addRule(tx, mara, place)));
}

function idsOf(names: string): string[] {
  return [...names].map((name) => ids.get(name) ?? "");
}

async function order(stage: Stage = "recipient"): Promise<string> {
  return (await rulesOf("Mail in", stage)).map(({ name }) => name).join(" ");
}

function move(names: string, before: string | null, ruleset: Stage = "recipient") {
  const to = { proxyActionId, ruleset, before: before === null ? null : (ids.get(before) ?? before) };
  return transaction((tx) => moveRules(tx, mara, { moves: [{ ruleIds: idsOf(names), to }] }));
}

async function versions(names: string) {
  const rows = await database().rule.findMany({ where: { id: { in: idsOf(names) } }, orderBy: { rank: "asc" } });
  return rows.map(({ id, version }) => ({ ruleId: id, version }));
}

async function audits(action: string): Promise<{ object: string; summary: string }[]> {
  const last = await database().auditEntry.findFirstOrThrow({
    where: { action: "policy.import" },
    orderBy: { sequence: "desc" },
  });
  return database().auditEntry.findMany({
    where: { action, sequence: { gt: last.sequence } },
    orderBy: { sequence: "asc" },
    select: { object: true, summary: true },
  });
}

describe("a block of rules", () => {
  it("moves as one and keeps its inner order", async () => {
    await move("ca", null);
    expect(await order()).toBe("b d a c");
    await move("dc", toTop);
    expect(await order()).toBe("d c b a");
  });

  it("goes to another ruleset with its ids, versions and counters, where its rules are legal", async () => {
    const before = await versions("bd");
    await move("bd", null, "message");
    expect([await order(), await order("message")]).toEqual(["a c", "b d"]);
    expect(await versions("bd")).toEqual(before);
  });

  it("stays where it is when a rule is not legal there, and says why", async () => {
    await expect(move("ab", null, "sender")).rejects.toMatchObject({
      code: "POLICY_INVALID",
      publicMessage: expect.stringContaining("recipient is not known in the sender ruleset of smtp"),
    });
    expect(await order()).toBe("a b c d");
  });

  it("is told rule by rule in the audit log, which still holds", async () => {
    await move("ab", null);
    expect(await audits("rule.move")).toEqual([
      { object: 'rule "a" of Mail in, recipient', summary: "Position 1 → 3" },
      { object: 'rule "b" of Mail in, recipient', summary: "Position 2 → 4" },
    ]);
    expect((await verifyChain(database())).fault).toBeNull();
    await move("c", null, "message");
    expect((await audits("rule.move")).at(-1)?.summary).toBe('Position 1 → 1 as rule "c" of Mail in, message');
  });

  it("that is where it goes writes nothing", async () => {
    await move("cd", null);
    expect(await audits("rule.move")).toEqual([]);
  });

  it("of which a rule is gone is told so, and none moves", async () => {
    await transaction(async (tx) => deleteRules(tx, mara, { rules: await versions("b") }));
    await expect(move("ab", null)).rejects.toMatchObject({
      code: "OBJECT_GONE",
      publicMessage: expect.stringContaining("deleted by Mara"),
    });
    await expect(move("a", "b")).rejects.toMatchObject({ code: "EDIT_CONFLICT" });
  });
});

describe("states of many rules", () => {
  it("are set at once", async () => {
    await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId: ids.get("b") ?? "", state: "off" }] }));
    const states = idsOf("abc").map((ruleId) => ({ ruleId, state: "observe" }) as const);
    await transaction((tx) => setRuleStates(tx, mara, { states }));
    const now = async () => (await rulesOf("Mail in", "recipient")).map(({ state }) => state);
    expect(await now()).toEqual(["observe", "observe", "observe", "on"]);
    expect((await audits("rule.state")).map(({ summary }) => summary)).toEqual([
      "on → off",
      "on → observe",
      "off → observe",
      "on → observe",
    ]);
  });
});

describe("the section of many rules", () => {
  const put = (letters: string, section: string | null) =>
    transaction((tx) => setRuleSection(tx, mara, { ruleIds: idsOf(letters), section }));
  const shown = async () =>
    (await rulesOf("Mail in", "recipient")).map(({ name, section = "" }) => `${name}${section}`).join(" ");

  it("is joined by a rule that moves between two of them, as the audit log says, and undone with the move", async () => {
    await put("ab", "Partners");
    const to = { proxyActionId, ruleset: "recipient", before: ids.get("b") ?? "" } as const;
    const moves = { moves: [{ ruleIds: idsOf("d"), to }] };
    const { undo = "" } = await transaction((tx) => rememberEdit(tx, mara, () => moveRules(tx, mara, moves)));
    expect(await shown()).toBe("aPartners dPartners bPartners c");
    expect((await audits("rule.move")).at(-1)?.summary).toBe("Position 4 → 2, no section → Partners");
    await transaction((tx) => undoEdit(tx, mara, { edit: undo }));
    expect(await shown()).toBe("aPartners bPartners c d");
  });

  it("is joined and left at its edge without a move", async () => {
    await put("ab", "Partners");
    const at = (before: string, section: string | null) => {
      const to = { proxyActionId, ruleset: "recipient", before: ids.get(before) ?? "", section } as const;
      return transaction((tx) => moveRules(tx, mara, { moves: [{ ruleIds: idsOf("c"), to }] }));
    };
    await at("d", "Partners");
    expect(await shown()).toBe("aPartners bPartners cPartners d");
    await at("d", null);
    expect(await shown()).toBe("aPartners bPartners c d");
    const told = (await audits("rule.section")).map(({ summary }) => summary);
    expect(told.slice(-2)).toEqual(["no section → Partners", "Partners → no section"]);
  });

  it("is that of a rule for its copy", async () => {
    await put("ab", "Partners");
    await transaction((tx) => cloneRule(tx, mara, { ruleId: ids.get("a") ?? "" }));
    expect(await shown()).toBe("aPartners a (copy)Partners bPartners c d");
  });

  it("is that of a new rule between two of them", async () => {
    await put("ab", "Partners");
    const place = { proxyActionId, proxyAction: "Mail in", protocol: "smtp", ruleset: "recipient" } as const;
    const around = (name: string) => sectionAround(place, ids.get(name) ?? "end");
    expect(await Promise.all(["a", "b", "c", "d", "end"].map(around))).toEqual([
      undefined,
      "Partners",
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is set at once where it is another, and taken away", async () => {
    const now = async () => (await rulesOf("Mail in", "recipient")).map(({ section = "" }) => section).join();
    await put("bc", "Partners");
    await put("cd", "Suppliers");
    expect(await now()).toBe(",Partners,Suppliers,Suppliers");
    await put("bcd", "Suppliers");
    await put("d", null);
    expect(await now()).toBe(",Suppliers,Suppliers,");
    expect((await audits("rule.section")).map(({ summary }) => summary)).toEqual([
      "no section → Partners",
      "no section → Partners",
      "Partners → Suppliers",
      "no section → Suppliers",
      "Partners → Suppliers",
      "Suppliers → no section",
    ]);
  });
});

describe("deleted rules", () => {
  it("go at once, and each is told in the audit log", async () => {
    await transaction(async (tx) => deleteRules(tx, mara, { rules: await versions("acd") }));
    expect(await order()).toBe("b");
    expect((await audits("rule.delete")).map(({ summary }) => summary)).toEqual([
      "If recipient is a@example.test, deny.",
      "If recipient is c@example.test, deny.",
      "If recipient is d@example.test, deny.",
    ]);
  });

  it("stay when one of them was edited meanwhile", async () => {
    const rules = await versions("ab");
    await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId: ids.get("b") ?? "", state: "off" }] }));
    await expect(transaction((tx) => deleteRules(tx, mara, { rules }))).rejects.toMatchObject({
      code: "EDIT_CONFLICT",
    });
    expect(await order()).toBe("a b c d");
  });
});
