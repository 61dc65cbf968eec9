import { beforeEach, describe, expect, it } from "vitest";
import type { Profile } from "#core/contract/proxy-action-profile.ts";
import { database, transaction } from "#lib/db.ts";
import {
  addProxyAction,
  cloneProxyAction,
  deleteProxyAction,
  editProfile,
} from "#lib/proxy-actions/profile-mutations.ts";
import { readProfile, readProxyActions } from "#lib/proxy-actions/queries.ts";
import { rulesetsOf } from "#lib/revisions/rule-identity.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
const otto = { name: "Otto", address: "192.0.2.9" };

beforeEach(async () => {
  await importDraft(policyFixture("first-message.yaml", {}));
});

async function opened(name: string) {
  const { id } = await database().proxyAction.findUniqueOrThrow({ where: { name } });
  const found = await readProfile(id);
  if (found === null) throw new Error(`no proxy action ${name}`);
  return found;
}

const edit = (actor: typeof mara, proxyActionId: string, seen: string, profile: Profile) =>
  transaction((tx) => editProfile(tx, actor, { proxyActionId, seen, profile }));
const named = async (name: string) => (await draft()).proxyActions.find((action) => action.name === name);
const lastAudit = () => database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });

describe("a proxy action", () => {
  it("is added with every setting at its default and without rules", async () => {
    const given = { name: "Submission", protocol: "smtp", direction: "outgoing" } as const;
    await transaction((tx) => addProxyAction(tx, mara, given));
    expect(await named("Submission")).toMatchObject({
      ...given,
      limits: { recipientsMax: 100 },
      settings: { banner: "ESMTP" },
      rulesets: {},
    });
    expect(await lastAudit()).toMatchObject({
      action: "proxy-action.add",
      object: 'proxy action "Submission"',
      summary: "smtp, outgoing, every setting at its default",
    });
  });

  it("is refused under a name that is taken", async () => {
    const given = { name: "Mail in", protocol: "smtp", direction: "incoming" } as const;
    await expect(transaction((tx) => addProxyAction(tx, mara, given))).rejects.toMatchObject({
      fields: { name: ["taken"] },
    });
  });

  it("is listed with its rules and the policies that use it", async () => {
    expect((await readProxyActions()).map(({ id: _, ...rest }) => rest)).toEqual([
      { name: "Mail in", protocol: "smtp", direction: "incoming", rules: 2, usedBy: ["In"] },
      { name: "Mail fetch", protocol: "pop3", direction: "outgoing", rules: 1, usedBy: ["Fetch"] },
    ]);
  });

  it("is edited and renamed; its policies follow, its rules stay", async () => {
    const { id, seen, profile } = await opened("Mail in");
    if (profile.protocol !== "smtp") throw new Error("not SMTP");
    const rules = rulesetsOf((await draft()).proxyActions[0] ?? fail("no action"));
    const changed = { ...profile, name: "Inbound", limits: { ...profile.limits, recipientsMax: 7 } };
    await edit(mara, id, seen, changed);
    const after = await draft();
    expect(after.policies[0]?.proxyAction).toBe("Inbound");
    expect(after.proxyActions[0]?.limits).toMatchObject({ recipientsMax: 7 });
    expect(rulesetsOf(after.proxyActions[0] ?? fail("no action"))).toEqual(rules);
    expect(await lastAudit()).toMatchObject({ action: "proxy-action.edit", summary: 'smtp, incoming; was "Mail in"' });
  });

  it("edited by two at once tells the second one who was first; an edited rule is no conflict", async () => {
    const { id, seen, profile } = await opened("Mail in");
    await database().rule.updateMany({ where: { proxyActionId: id }, data: { version: { increment: 1 } } });
    await edit(otto, id, seen, { ...profile, direction: "outgoing" });
    await expect(edit(mara, id, seen, profile)).rejects.toMatchObject({
      code: "EDIT_CONFLICT",
      publicMessage: expect.stringMatching(/^Proxy action not saved: changed by Otto/),
    });
  });

  it("cannot change its protocol, and not name a list that is not there", async () => {
    const pop3 = await opened("Mail fetch");
    const { id, seen, profile } = await opened("Mail in");
    await expect(edit(mara, id, seen, pop3.profile)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    if (profile.protocol !== "smtp") throw new Error("not SMTP");
    const recipientVerification = { ...profile.settings.recipientVerification, mode: "list", list: "gone" } as const;
    const settings = { ...profile.settings, recipientVerification };
    await expect(edit(mara, id, seen, { ...profile, settings })).rejects.toMatchObject({
      publicMessage: expect.stringContaining('there is no list "gone"'),
    });
  });

  it("is cloned with settings and rules, which get ids of their own", async () => {
    const { id } = await opened("Mail in");
    await transaction((tx) => cloneProxyAction(tx, mara, { proxyActionId: id, name: "Mail in 2" }));
    const [original, clone] = [await named("Mail in"), await named("Mail in 2")];
    const withoutIds = (value: unknown) =>
      JSON.parse(JSON.stringify(value, (key, one) => (key === "id" ? undefined : one)));
    expect(withoutIds({ ...clone, name: "Mail in" })).toEqual(withoutIds(original));
    const ids = (await draft()).proxyActions.flatMap((action) =>
      rulesetsOf(action).flatMap(({ ruleset }) => ruleset.rules.map((rule) => rule.id)),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(await lastAudit()).toMatchObject({ action: "proxy-action.clone", summary: 'As "Mail in 2", with 2 rules' });
  });

  it("is not deleted while a policy uses it, and says which", async () => {
    const { id } = await opened("Mail in");
    await expect(transaction((tx) => deleteProxyAction(tx, mara, { proxyActionId: id }))).rejects.toMatchObject({
      code: "IN_USE",
      publicMessage: 'Not deleted: the proxy action "Mail in" is used by policy "In". Take it out there first.',
    });
  });

  it("is deleted with its rules", async () => {
    const { id } = await opened("Mail in");
    const copy = await transaction((tx) => cloneProxyAction(tx, mara, { proxyActionId: id, name: "Copy" }));
    await transaction((tx) => deleteProxyAction(tx, mara, { proxyActionId: copy }));
    expect(await named("Copy")).toBeUndefined();
    expect(await database().rule.count({ where: { proxyActionId: copy } })).toBe(0);
    expect(await readProfile(copy)).toBeNull();
  });
});

function fail(message: string): never {
  throw new Error(message);
}
