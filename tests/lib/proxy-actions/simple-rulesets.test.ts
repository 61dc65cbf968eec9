import { beforeEach, describe, expect, it } from "vitest";
import type { Rule } from "#core/contract/rule.ts";
import { mergeFields, withFields } from "#core/policy/merge.ts";
import { simpleRulesetSchema } from "#core/policy/simple-ruleset.ts";
import { database, transaction } from "#lib/db.ts";
import { setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { addRule, editNoneMatched } from "#lib/proxy-actions/mutations.ts";
import { readRuleset } from "#lib/proxy-actions/queries.ts";
import type { EditSimpleRuleset } from "#lib/proxy-actions/rule-input.ts";
import { editSimpleRuleset } from "#lib/proxy-actions/simple-mutations.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara, ruleRow, rulesOf } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const otto = { name: "Otto", address: "192.0.2.9" };

beforeEach(async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
});

/** The recipient ruleset, which has no rules yet, as its editor opens it. */
async function opened(patterns: string[]): Promise<EditSimpleRuleset> {
  const { proxyActionId } = await ruleRow("no spoofing");
  const { version } = (await readRuleset(proxyActionId, "recipient")) ?? expect.fail();
  const noneMatched = { action: { kind: "deny" }, log: true } as const;
  const simple = { fact: "recipient", patterns, matched: { kind: "allow" }, log: false, noneMatched } as const;
  return { proxyActionId, version, ruleset: "recipient", simple: { ...simple, patterns } };
}

const save = (input: EditSimpleRuleset) => transaction((tx) => editSimpleRuleset(tx, mara, input));
const recipients = () => rulesOf("Mail in", "recipient");
const named = (rules: readonly Rule[]) => rules.map(({ name, id }) => [name, id]);

describe("a ruleset that is edited as patterns", () => {
  it("gets a rule for each pattern and its default", async () => {
    await save(await opened(["*@example.test", "bob@other.test"]));
    expect(await recipients()).toMatchObject([
      { name: "*@example.test", when: { recipient: { like: "*@example.test" } }, action: { kind: "allow" } },
      { name: "bob@other.test", when: { recipient: { is: "bob@other.test" } } },
    ]);
    const [action] = (await draft()).proxyActions;
    expect(action?.rulesets).toMatchObject({ recipient: { noneMatched: { action: { kind: "deny" }, log: true } } });
  });

  it("keeps id and version of what was not touched, and writes what was done into the audit log", async () => {
    await save(await opened(["a@x.test", "b@x.test", "c@x.test"]));
    const before = await recipients();
    await save(await opened(["c@x.test", "a@x.test", "d@x.test"]));
    const after = await recipients();
    expect(named(after).slice(0, 2)).toEqual([named(before)[2], named(before)[0]]);
    expect((await ruleRow("a@x.test")).version).toBe(1);
    expect(await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } })).toMatchObject({
      action: "ruleset.edit",
      object: "ruleset recipient of Mail in",
      summary: "Rules: 1 added, 1 removed, 0 changed; if matched allow, none matched deny",
    });
  });

  it("is refused when somebody changed a rule or added one meanwhile, and names them", async () => {
    await save(await opened(["a@x.test"]));
    const [input, again] = [await opened(["b@x.test"]), await opened(["b@x.test"])];
    const { id } = await ruleRow("a@x.test");
    await transaction((tx) => setRuleStates(tx, otto, { states: [{ ruleId: id, state: "off" }] }));
    await expect(save(input)).rejects.toMatchObject({
      code: "EDIT_CONFLICT",
      publicMessage: expect.stringMatching(/^Ruleset not saved: changed by Otto/),
    });
    const rule = { name: "z", state: "on", action: { kind: "deny" }, log: false, alarm: false } as const;
    expect(await save(again).catch((error: unknown) => error)).not.toHaveProperty("current.value");
    const { proxyActionId } = again;
    await transaction((tx) => addRule(tx, otto, { proxyActionId, ruleset: "recipient", before: null, rule }));
    await expect(save(again)).rejects.toMatchObject({ code: "EDIT_CONFLICT" });
  });

  it("answers with the patterns that are there now, which both can be put together on", async () => {
    await save(await opened(["a@x.test", "b@x.test"]));
    const input = await opened(["a@x.test", "b@x.test", "mine@x.test"]);
    await transaction(async (tx) => editSimpleRuleset(tx, otto, await opened(["a@x.test", "theirs@x.test"])));
    const now = { ...input.simple, patterns: ["a@x.test", "theirs@x.test"] };
    const conflict: unknown = await save(input).catch((error: unknown) => error);
    expect(conflict).toMatchObject({
      publicMessage: expect.stringMatching(/changed by Otto/),
      current: { value: now },
    });
    const { version } = await opened([]);
    expect(conflict).toHaveProperty("current.version", version);
    const base = { ...input.simple, patterns: ["a@x.test", "b@x.test"] };
    const merged = withFields(input.simple, mergeFields(base, input.simple, now));
    expect(merged).toEqual({ ...input.simple, patterns: ["a@x.test", "mine@x.test", "theirs@x.test"] });
    const ids = await recipients();
    await save({ ...input, version, simple: simpleRulesetSchema.parse(merged) });
    expect(named(await recipients()).map(([name]) => name)).toEqual(["a@x.test", "mine@x.test", "theirs@x.test"]);
    expect(named(await recipients())).toEqual(expect.arrayContaining(named(ids)));
  });

  it("is another version when the default is another, and the same when the proxy action's settings are", async () => {
    const input = await opened(["a@x.test"]);
    const { proxyActionId } = input;
    await database().proxyAction.update({ where: { id: proxyActionId }, data: { version: { increment: 1 } } });
    expect((await opened([])).version).toBe(input.version);
    const { version } = await database().proxyAction.findUniqueOrThrow({ where: { id: proxyActionId } });
    const noneMatched = { action: { kind: "deny" }, log: true } as const;
    await transaction((tx) => editNoneMatched(tx, otto, { proxyActionId, version, ruleset: "recipient", noneMatched }));
    await expect(save(input)).rejects.toMatchObject({
      publicMessage: expect.stringMatching(/^Ruleset not saved: changed by Otto/),
      current: { value: { patterns: [], noneMatched } },
    });
  });

  it("is refused when its rules cannot be shown as patterns", async () => {
    const { proxyActionId } = await ruleRow("no spoofing");
    const rule = { name: "z", state: "observe", action: { kind: "deny" }, log: false, alarm: false } as const;
    await transaction((tx) => addRule(tx, otto, { proxyActionId, ruleset: "recipient", before: null, rule }));
    await expect(save(await opened(["a@x.test"]))).rejects.toMatchObject({
      code: "INPUT_INVALID",
      publicMessage:
        "Not saved: this ruleset cannot be written as patterns. Rule “z” asks about more than one fact, or about nothing.",
    });
  });

  it("is refused with the reason when an action or a fact does not fit the ruleset", async () => {
    const input = await opened(["a@x.test"]);
    await expect(save({ ...input, simple: { ...input.simple, matched: { kind: "replace" } } })).rejects.toMatchObject({
      code: "POLICY_INVALID",
    });
    await expect(save({ ...input, simple: { ...input.simple, fact: "fileName" } })).rejects.toMatchObject({
      code: "POLICY_INVALID",
    });
    expect(await recipients()).toEqual([]);
  });
});
