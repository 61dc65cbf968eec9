import { beforeEach, describe, expect, it } from "vitest";
import { policyTestSchema } from "#core/contract/policy-test.ts";
import { toTop } from "#core/policy/rule-orders.ts";
import { auditFilterOf } from "#lib/audit/filter.ts";
import { listAudit } from "#lib/audit/queries.ts";
import type { Transaction } from "#lib/db.ts";
import { database, transaction } from "#lib/db.ts";
import { rememberEdit, undoableEdits, undoEdit } from "#lib/draft/edit-memory.ts";
import { addList } from "#lib/lists/mutations.ts";
import { deletePolicy, movePolicy } from "#lib/policies/mutations.ts";
import { addPolicyTest } from "#lib/policy-tests/mutations.ts";
import { deleteRules, setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { moveRules } from "#lib/proxy-actions/move-rules.ts";
import { discardDraft, importDocument, publish } from "#lib/revisions/mutations.ts";
import { addRoute, editRoute } from "#lib/routes/mutations.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara, ruleRow } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const yaml = policyFixture("first-message.yaml", {});
const policyTest = policyTestSchema.parse({
  name: "t",
  given: { interface: "External", client: "192.0.2.7", sender: "", recipients: ["demo@example.test"] },
  must: { verdict: ["deny"] },
});
const pia = { name: "Pia", address: null };

/** Does an edit as an action does; the name of what can be undone. */
async function edited(work: (tx: Transaction) => Promise<unknown>): Promise<string> {
  const { undo } = await transaction((tx) => rememberEdit(tx, mara, () => work(tx)));
  if (undo === undefined) throw new Error("nothing was remembered");
  return undo;
}

function undo(edit: string) {
  return transaction((tx) => undoEdit(tx, pia, { edit }));
}

describe("undoing an edit of the draft", () => {
  beforeEach(() => importDraft(yaml));

  it("brings a deleted rule back: its id, its place, its content", async () => {
    const before = await draft();
    const { id, version } = await ruleRow("no spoofing");
    const edit = await edited((tx) => deleteRules(tx, mara, { rules: [{ ruleId: id, version }] }));
    expect(await draft()).not.toEqual(before);
    await undo(edit);
    expect(await draft()).toEqual(before);
  });

  it.each(["state", "route", "policy", "list", "move of a policy", "policy test", "import"])(
    "takes any kind of edit back: %s",
    async (kind) => {
      const before = await draft();
      const edit = await edited(async (tx) => {
        if (kind === "state")
          return setRuleStates(tx, mara, { states: [{ ruleId: (await ruleRow("no spoofing")).id, state: "off" }] });
        if (kind === "move of a policy") {
          const { id } = await tx.policy.findFirstOrThrow({ orderBy: { rank: "asc" } });
          return movePolicy(tx, mara, { policyId: id, to: "bottom" });
        }
        if (kind === "policy test") return addPolicyTest(tx, mara, policyTest);
        if (kind === "import") return importDocument(tx, mara, { yaml: policyFixture("mailboxes.yaml", {}) });
        if (kind === "list") return addList(tx, mara, { name: "new", kind: "domains", entries: ["example.test"] });
        if (kind === "policy") {
          const { id, version } = await tx.policy.findFirstOrThrow();
          return deletePolicy(tx, mara, { policyId: id, version });
        }
        const { id, version, name } = await tx.route.findFirstOrThrow({ where: { protocol: "smtp" } });
        const route = before.routes.find((one) => one.name === name);
        if (route === undefined) throw new Error("no route");
        return editRoute(tx, mara, { routeId: id, version, route: { ...route, name: "renamed" } });
      });
      expect(await draft()).not.toEqual(before);
      await undo(edit);
      expect(await draft()).toEqual(before);
    },
  );

  it("brings back the whole draft that was discarded, in its order", async () => {
    await transaction((tx) => publish(tx, mara, { comment: "" }));
    await importDraft(policyFixture("mailboxes.yaml", {}));
    const before = await draft();
    const edit = await edited((tx) => discardDraft(tx, mara));
    expect(await draft()).not.toEqual(before);
    await undo(edit);
    expect(await draft()).toEqual(before);
  });

  it("leaves what others did meanwhile, and says in the audit log whose edit was undone", async () => {
    const { id } = await ruleRow("no spoofing");
    const edit = await edited((tx) => setRuleStates(tx, mara, { states: [{ ruleId: id, state: "off" }] }));
    await transaction((tx) => addList(tx, pia, { name: "hers", kind: "domains", entries: [] }));
    await undo(edit);
    expect((await draft()).lists.map(({ name }) => name)).toContain("hers");
    const last = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect(last).toMatchObject({
      actor: "Pia",
      action: "draft.undo",
      summary: 'An edit of Mara undone: rule "no spoofing" of Mail in, sender: off → on',
    });
  });

  it("gives a renamed object its name back: the same row, whatever names it, and what others changed of it since", async () => {
    const row = await database().route.findUniqueOrThrow({ where: { name: "inside" } });
    const before = await draft();
    const route = before.routes.find(({ name }) => name === "inside") ?? expect.fail();
    const save = (who: typeof mara, version: number, changed: typeof route) =>
      edited((tx) => editRoute(tx, who, { routeId: row.id, version, route: changed }));
    const edit = await save(mara, row.version, { ...route, name: "exchange" });
    await save(pia, row.version + 1, { ...route, name: "exchange", connectTimeoutMs: 5_000 });
    await undo(edit);
    const routes = before.routes.map((one) => (one === route ? { ...one, connectTimeoutMs: 5_000 } : one));
    expect(await draft()).toEqual({ ...before, routes });
    expect((await database().route.findUniqueOrThrow({ where: { name: "inside" } })).id).toBe(row.id);
    const last = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect(last.summary).toBe('An edit of Mara undone: route "inside" renamed: exchange → inside');
  });

  it("is refused when the name of a renamed object went to another", async () => {
    const { id, version } = await database().route.findUniqueOrThrow({ where: { name: "inside" } });
    const route = (await draft()).routes.find(({ name }) => name === "inside") ?? expect.fail();
    const renamed = { ...route, name: "exchange" };
    const edit = await edited((tx) => editRoute(tx, mara, { routeId: id, version, route: renamed }));
    await transaction((tx) => addRoute(tx, pia, route));
    await expect(undo(edit)).rejects.toMatchObject({
      code: "EDIT_CONFLICT",
      publicMessage: expect.stringContaining("inside"),
    });
  });

  it("is refused when the object was changed again, and changes nothing", async () => {
    const { id } = await ruleRow("no spoofing");
    const edit = await edited((tx) => setRuleStates(tx, mara, { states: [{ ruleId: id, state: "off" }] }));
    await transaction((tx) => setRuleStates(tx, pia, { states: [{ ruleId: id, state: "observe" }] }));
    const now = await draft();
    await expect(undo(edit)).rejects.toMatchObject({
      code: "EDIT_CONFLICT",
      publicMessage: expect.stringMatching(/^Not undone: “no spoofing” was changed again since\. /),
    });
    expect(await draft()).toEqual(now);
  });

  it("is refused in words when something was built on it since", async () => {
    const edit = await edited((tx) => addList(tx, mara, { name: "new", kind: "domains", entries: [] }));
    await importDraft(
      yaml
        .replace("lists:", "lists:\n  - { name: new, kind: domains, entries: [] }")
        .replace("{ in: [example.test] }", "{ inList: new }"),
    );
    await expect(undo(edit)).rejects.toMatchObject({
      code: "POLICY_INVALID",
      publicMessage: expect.stringContaining("new"),
    });
  });

  it("is offered by the audit log too, at the last row that the edit wrote, as long as it is possible", async () => {
    const edit = await edited((tx) => addList(tx, mara, { name: "new", kind: "domains", entries: [] }));
    const { entries } = await listAudit(auditFilterOf(new URLSearchParams(), new Date()), null);
    const sequences = entries.map(({ sequence }) => sequence);
    const [last = 0] = sequences;
    expect((await undoableEdits(sequences)).get(last)).toBe(edit);
    await undo(edit);
    expect([...(await undoableEdits(sequences)).keys()]).not.toContain(last);
  });

  it("works once", async () => {
    const edit = await edited((tx) => addList(tx, mara, { name: "new", kind: "domains", entries: [] }));
    await undo(edit);
    await expect(undo(edit)).rejects.toMatchObject({ code: "UNDO_TOO_LATE" });
  });

  it("is not offered where nothing changed, or too much to remember", async () => {
    const { id, proxyActionId } = await ruleRow("no spoofing");
    const moves = [{ ruleIds: [id], to: { proxyActionId, ruleset: "sender", before: toTop } as const }];
    const nothing = transaction((tx) => rememberEdit(tx, mara, () => moveRules(tx, mara, { moves })));
    expect((await nothing).undo).toBeUndefined();
    const entries = Array.from({ length: 60_000 }, (_, i) => `mail-${i}.example.test`);
    const huge = transaction((tx) =>
      rememberEdit(tx, mara, () => addList(tx, mara, { name: "huge", kind: "domains", entries })),
    );
    expect((await huge).undo).toBeUndefined();
  });
});
