import { beforeEach, describe, expect, it } from "vitest";
import { pop3RouteSchema, type Route } from "#core/contract/policy-document.ts";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";
import { addCredential, deleteCredential } from "#lib/credentials/mutations.ts";
import { database, transaction } from "#lib/db.ts";
import { draftFindings } from "#lib/lint/queries.ts";
import { addList, deleteList, editList } from "#lib/lists/mutations.ts";
import { addRule } from "#lib/proxy-actions/mutations.ts";
import { addRoute } from "#lib/routes/mutations.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara, ruleRow } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";

useTestDatabase();
useConsoleSettings();
const yaml = policyFixture("first-message.yaml", {});
const partners = { name: "Partners", kind: "domains" as const, entries: ["acme.test"] };
const tom = { name: "Tom", address: "192.0.2.8" };

beforeEach(() => importDraft(yaml));

const add = (list: typeof partners) => transaction((tx) => addList(tx, mara, list));

async function ruleAbout(list: string) {
  const { proxyActionId } = await ruleRow("no spoofing");
  const rule = {
    name: `about ${list}`,
    state: "on" as const,
    when: { senderDomain: { inList: list } },
    action: { kind: "deny" as const },
    log: true,
    alarm: false,
  };
  return transaction((tx) => addRule(tx, tom, { proxyActionId, ruleset: "sender", before: null, rule }));
}

describe("a rule never names a list that is not there", () => {
  it("not when another administrator deleted the list meanwhile: it is said who, and when", async () => {
    const listId = await add(partners);
    await transaction((tx) => deleteList(tx, mara, { listId, version: 1 }));
    await expect(ruleAbout("Partners")).rejects.toMatchObject({
      code: "REF_MISSING",
      publicMessage: expect.stringMatching(
        /^Not saved: the list "Partners" was deleted by Mara .*Choose another, or undo/,
      ),
    });
  });

  it("not by deleting, and not by renaming the list", async () => {
    const listId = await add(partners);
    await ruleAbout("Partners");
    const inUse = { code: "IN_USE" };
    await expect(transaction((tx) => deleteList(tx, mara, { listId, version: 1 }))).rejects.toMatchObject(inUse);
    const renamed = { ...partners, name: "Friends" };
    await expect(transaction((tx) => editList(tx, mara, { listId, version: 1, list: renamed }))).rejects.toMatchObject(
      inUse,
    );
  });

  it("not by an import of a document without the list", async () => {
    await add(partners);
    await ruleAbout("Partners");
    const { lists, ...rest } = await draft();
    const without = writePolicyDocument({ ...rest, lists: lists.filter(({ name }) => name !== "Partners") });
    await expect(importDraft(without)).rejects.toMatchObject({
      publicMessage: expect.stringContaining('there is no list "Partners"'),
    });
  });
});

/** The lint's thread begins while others have the processor. */
const timeout = 60_000;

describe("what is kept beside the policy can be missing", { timeout }, () => {
  const bridge = (credential: string) =>
    pop3RouteSchema.parse({
      name: "provider",
      protocol: "pop3",
      targets: [{ host: "x.test", port: 995 }],
      tls: { mode: "implicit" },
      bridge: { credentials: [credential] },
    });
  const importRoute = async (route: Route) => {
    const document = await draft();
    await importDraft(writePolicyDocument({ ...document, routes: [...document.routes, route] }));
  };
  const missing = async (): Promise<FindingView[]> =>
    (await draftFindings(new Date())).filter(({ code }) => code === "reference-missing");

  it("a credential that was deleted, and that an import names: at the route, with who deleted it", async () => {
    const relay = { name: "relay", kind: "password", user: "gate", password: "secret", clientPassword: "x" } as const;
    await addCredential(mara, relay);
    const { id, version } = await database().credential.findUniqueOrThrow({ where: { name: "relay" } });
    await deleteCredential(mara, { credentialId: id, version });
    await expect(transaction((tx) => addRoute(tx, tom, bridge("relay")))).rejects.toMatchObject({
      code: "REF_MISSING",
    });
    await importRoute(bridge("relay"));
    const [finding, ...others] = await missing();
    expect(others).toEqual([]);
    expect(finding?.severity).toBe("harm");
    expect(finding?.what).toMatch(/^The credential "relay" of the route "provider" was deleted by Mara at .* UTC\.$/);
    expect(finding?.place).toMatchObject({ kind: "route", name: "provider" });
    await addCredential(mara, relay);
    expect(await missing()).toEqual([]);
  });

  it("a credential that never was: an import brings its name along", async () => {
    await importRoute(bridge("elsewhere"));
    expect((await missing()).map(({ what }) => what)).toEqual([
      'The credential "elsewhere" of the route "provider" is not there.',
    ]);
  });

  it("a key that seals, which is retired and deleted while the settings name it", async () => {
    const document = await draft();
    const senderAuth = { onSignedModified: "arc-seal", sealWith: "seal 2025" } as const;
    const proxyActions = document.proxyActions.map((action) =>
      action.protocol === "smtp" && action.name === "Mail in"
        ? { ...action, settings: { ...action.settings, senderAuth: { ...action.settings.senderAuth, ...senderAuth } } }
        : action,
    );
    await importDraft(writePolicyDocument({ ...document, proxyActions }));
    const [finding] = await missing();
    expect(finding?.what).toBe('The signing key "seal 2025" of the settings of Mail in is not there.');
    expect(finding?.place).toMatchObject({ kind: "proxy action", setting: "settings.senderAuth.sealWith" });
  });
});
