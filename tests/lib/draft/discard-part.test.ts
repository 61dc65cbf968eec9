import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { discardPart } from "#lib/draft/discard-part.ts";
import { addList, editList } from "#lib/lists/mutations.ts";
import { movePolicy } from "#lib/policies/mutations.ts";
import { deleteRules, setRuleStates } from "#lib/proxy-actions/change-rules.ts";
import { addRule, editRule } from "#lib/proxy-actions/mutations.ts";
import { addProxyAction, deleteProxyAction, editProfile } from "#lib/proxy-actions/profile-mutations.ts";
import { readProfile } from "#lib/proxy-actions/queries.ts";
import { routeFromRow } from "#lib/revisions/draft-document.ts";
import { draftSummary } from "#lib/revisions/draft-summary.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { discardDraft, publish } from "#lib/revisions/mutations.ts";
import { draftReview } from "#lib/revisions/queries.ts";
import { replaceDraft } from "#lib/revisions/replace-draft.ts";
import { addRoute, editRoute } from "#lib/routes/mutations.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara, ruleRow } from "../../support/draft.ts";
import { documentArbitrary } from "../../support/policy-arbitrary.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const yaml = policyFixture("first-message.yaml", {});
const pia = { name: "Pia", address: null };

async function changes(): Promise<string[]> {
  return (await draftReview()).changes.map(({ words }) => words);
}

/** Discards the changes whose words fit. */
async function discard(which: RegExp) {
  const { changes: all, digest } = await draftReview();
  const at = all.filter(({ words }) => which.test(words)).map((change) => change.at);
  return transaction((tx) => discardPart(tx, mara, { at, draftDigest: digest }));
}

async function switchOff(name: string) {
  const { id } = await ruleRow(name);
  await transaction((tx) => setRuleStates(tx, mara, { states: [{ ruleId: id, state: "off" }] }));
}

describe("discarding a part of the draft", () => {
  beforeEach(async () => {
    await importAndPublish(yaml);
    await importDraft(yaml);
  });

  it("makes one object what is live again, leaves the rest, and has an audit row", async () => {
    await switchOff("no spoofing");
    await transaction((tx) => addList(tx, pia, { name: "hers", kind: "domains", entries: [] }));
    expect(await discard(/no spoofing/)).toEqual({ discarded: 1 });
    expect(await changes()).toEqual(['list "hers" added']);
    const last = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect(last).toMatchObject({
      actor: "Mara",
      action: "draft.discard-part",
      summary: '1 change discarded: rule "no spoofing" of Mail in, sender: on → off',
    });
  });

  it("brings a deleted rule back with its id, and keeps the version of the others", async () => {
    const [deleted, kept] = [
      await ruleRow("no spoofing"),
      await database().rule.findFirstOrThrow({ where: { ruleset: "attachment" } }),
    ];
    await transaction((tx) => deleteRules(tx, mara, { rules: [{ ruleId: deleted.id, version: deleted.version }] }));
    await discard(/removed/);
    expect((await ruleRow("no spoofing")).id).toBe(deleted.id);
    expect(await database().rule.findUnique({ where: { id: kept.id } })).toEqual(kept);
    expect(await changes()).toEqual([]);
  });

  it("is refused in words when something else needs it, and goes with that", async () => {
    await transaction((tx) => addList(tx, mara, { name: "ours", kind: "domains", entries: ["example.test"] }));
    const { id, version } = await ruleRow("no spoofing");
    const rule = {
      name: "no spoofing",
      state: "on",
      when: { senderDomain: { inList: "ours" } },
      action: { kind: "deny" },
      log: true,
      alarm: false,
    } as const;
    await transaction((tx) => editRule(tx, mara, { ruleId: id, version, rule }));
    await expect(discard(/^list/)).rejects.toMatchObject({
      code: "IN_USE",
      publicMessage: expect.stringMatching(
        /^Nothing was discarded, because other changes in the draft need it\.[^]*"ours"/,
      ),
    });
    expect(await changes()).toHaveLength(2);
    expect(await discard(/^list|^rule/)).toEqual({ discarded: 2 });
    expect(await changes()).toEqual([]);
  });

  it("gives a renamed object its live name back as one, with its row and whatever names it", async () => {
    const live = await draft();
    const row = await database().proxyAction.findUniqueOrThrow({ where: { name: "Mail in" } });
    const editable = (await readProfile(row.id)) ?? expect.fail();
    const profile = { ...editable.profile, name: "From outside" };
    await transaction((tx) => editProfile(tx, mara, { proxyActionId: row.id, seen: editable.seen, profile }));
    await switchOff("no spoofing");
    expect(await changes()).toEqual([
      'proxy action "From outside" renamed: Mail in → From outside',
      'rule "no spoofing" of From outside, sender: on → off',
    ]);
    expect(await discard(/renamed/)).toEqual({ discarded: 1 });
    expect(await changes()).toEqual(['rule "no spoofing" of Mail in, sender: on → off']);
    expect((await database().proxyAction.findUniqueOrThrow({ where: { name: "Mail in" } })).id).toBe(row.id);
    await discard(/no spoofing/);
    expect(await draft()).toEqual(live);
  });

  it("puts back what was moved, also of two that changed places", async () => {
    const live = await draft();
    const { id } = await database().policy.findUniqueOrThrow({ where: { name: "In" } });
    await transaction((tx) => movePolicy(tx, mara, { policyId: id, to: "bottom" }));
    expect(await changes()).toHaveLength(1);
    expect(await discard(/moved/)).toEqual({ discarded: 1 });
    expect(await draft()).toEqual(live);
  });

  it("knows an object whose live name went to another as two, which go with what names them", async () => {
    const { id, version, ...row } = await database().route.findUniqueOrThrow({ where: { name: "inside" } });
    const route = routeFromRow(row);
    const live = await draft();
    await transaction((tx) => editRoute(tx, mara, { routeId: id, version, route: { ...route, name: "exchange" } }));
    expect(await changes()).toEqual(['route "exchange" renamed: inside → exchange']);
    await transaction((tx) => addRoute(tx, pia, { ...route, connectTimeoutMs: 5_000 }));
    expect(await changes()).toContain('route "exchange" added');
    await expect(discard(/added/)).rejects.toMatchObject({ code: "IN_USE" });
    await discard(/./);
    expect(await draft()).toEqual(live);
  });

  it("takes a new proxy action out with its rules, and brings a deleted one back with them", async () => {
    const rule = { name: "r", state: "on", action: { kind: "deny" }, log: false, alarm: false } as const;
    await transaction(async (tx) => {
      const id = await addProxyAction(tx, mara, { name: "New", protocol: "smtp", direction: "incoming" });
      await addRule(tx, mara, { proxyActionId: id, ruleset: "sender", before: null, rule });
    });
    await discard(/^proxy action/);
    expect(await changes()).toEqual([]);
    const { proxyActions } = await draft();
    expect(proxyActions.map(({ name }) => name)).toEqual(["Mail in", "Mail fetch"]);

    await transaction((tx) => addProxyAction(tx, mara, { name: "New", protocol: "smtp", direction: "incoming" }));
    const { id } = await database().proxyAction.findUniqueOrThrow({ where: { name: "New" } });
    await transaction((tx) => addRule(tx, mara, { proxyActionId: id, ruleset: "sender", before: null, rule }));
    await transaction((tx) => publish(tx, mara, { comment: "" }));
    const live = await draft();
    await transaction((tx) => deleteProxyAction(tx, mara, { proxyActionId: id }));
    await discard(/^proxy action/);
    expect(await draft()).toEqual(live);
  });

  it("is refused when somebody changed the draft meanwhile", async () => {
    await switchOff("no spoofing");
    const {
      changes: [change],
      digest,
    } = await draftReview();
    await transaction((tx) => addList(tx, pia, { name: "late", kind: "domains", entries: [] }));
    const late = transaction((tx) => discardPart(tx, mara, { at: [change?.at ?? ""], draftDigest: digest }));
    await expect(late).rejects.toMatchObject({ code: "DRAFT_CHANGED" });
  });

  it("of everything leaves no changes, whatever the draft is", async () => {
    await fc.assert(
      fc.asyncProperty(documentArbitrary, async (document) => {
        await transaction((tx) => replaceDraft(tx, document));
        if ((await changes()).length > 0) await discard(/./);
        expect(await changes()).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});

describe("who changed the draft", () => {
  it("is everybody who did since it was published or thrown away, the last one first", async () => {
    await importAndPublish(yaml);
    await importDraft(yaml);
    await transaction((tx) => discardDraft(tx, mara, {})).catch(() => {});
    await transaction((tx) => publish(tx, mara, { comment: "" })).catch(() => {});
    const before = await draftSummary();
    await switchOff("no spoofing");
    await transaction((tx) => addList(tx, pia, { name: "hers", kind: "domains", entries: [] }));
    expect((await draftSummary()).authors).toEqual([
      { name: "Pia", changes: 1 },
      { name: "Mara", changes: before.changes + 1 },
    ]);
    const { id, version } = await database().list.findUniqueOrThrow({ where: { name: "hers" } });
    await transaction((tx) =>
      editList(tx, mara, { listId: id, version, list: { name: "hers", kind: "domains", entries: ["a.test"] } }),
    );
    expect(await draftSummary()).toMatchObject({ changes: before.changes + 2, authors: [{ name: "Mara" }] });
    await transaction((tx) => publish(tx, mara, { comment: "" }));
    expect(await draftSummary()).toMatchObject({ changes: 0, authors: [] });
    await switchOff("executables");
    expect((await draftSummary()).authors).toEqual([{ name: "Mara", changes: 1 }]);
    await transaction((tx) => discardDraft(tx, mara, {}));
    await transaction((tx) => addList(tx, pia, { name: "more", kind: "domains", entries: [] }));
    expect(await draftSummary()).toMatchObject({ changes: 1, authors: [{ name: "Pia", changes: 1 }] });
  });
});
