import { beforeEach, describe, expect, it } from "vitest";
import { type Route, routeSchema, type SmtpRoute, smtpRouteSchema } from "#core/contract/policy-document.ts";
import { addCredential } from "#lib/credentials/mutations.ts";
import { database, transaction } from "#lib/db.ts";
import { addRoute, deleteRoute, editRoute } from "#lib/routes/mutations.ts";
import { type RouteView, readRoutes } from "#lib/routes/queries.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara } from "../../support/draft.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { report } from "../../support/report-samples.ts";

useTestDatabase();
useConsoleSettings();
const now = new Date("2026-01-05T10:00:33Z");

beforeEach(async () => {
  await database().worker.deleteMany();
  await database().credential.deleteMany();
  await importDraft(policyFixture("first-message.yaml", {}));
});

const smartHost: SmtpRoute = smtpRouteSchema.parse({
  name: "smart host",
  protocol: "smtp",
  delivery: "spool",
  targets: [
    { host: "a.example.test", port: 587, weight: 3 },
    { host: "b.example.test", port: 587, priority: 10 },
  ],
  tls: { mode: "required" },
  healthCheckMs: 30_000,
});

async function found(name: string): Promise<RouteView> {
  const view = (await readRoutes(now)).find(({ route }) => route.name === name);
  if (view === undefined) throw new Error(`no route ${name}`);
  return view;
}

const add = (route: Route) => transaction((tx) => addRoute(tx, mara, route));
const edit = ({ id, version }: { id: string; version: number }, route: Route) =>
  transaction((tx) => editRoute(tx, mara, { routeId: id, version, route }));
const lastAudit = () => database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });

describe("a route", () => {
  it("is added with everything that it has, and an audit row", async () => {
    const id = await add(smartHost);
    expect(await found("smart host")).toMatchObject({ id, version: 1, route: smartHost, usedBy: [], workers: [] });
    const summary = "smtp, spool, to a.example.test:587 and 1 more";
    expect(await lastAudit()).toMatchObject({ action: "route.add", object: 'route "smart host"', summary });
  });

  it("that brings the reports of others is taken along when it is renamed, and stays while it is used", async () => {
    const { senderNotices } = smtpRouteSchema.parse({ ...smartHost, senderNotices: { route: "smart host" } });
    const id = await add(smartHost);
    const usual = await found("inside");
    if (usual.route.protocol !== "smtp") throw new Error("the route is for SMTP");
    await edit(usual, { ...usual.route, senderNotices });
    await expect(transaction((tx) => deleteRoute(tx, mara, { routeId: id, version: 1 }))).rejects.toMatchObject({
      code: "IN_USE",
    });
    await edit({ id, version: 1 }, { ...smartHost, name: "partner" });
    expect((await found("inside")).route).toMatchObject({ senderNotices: { route: "partner" } });
  });

  it("that is renamed takes along the policies that use it, also those that use it for a recipient domain", async () => {
    const id = await add(smartHost);
    const routes = [{ recipientDomain: { is: "partner.test" }, route: "smart host" }];
    await database().policy.update({ where: { name: "In" }, data: { routes } });
    expect((await found("smart host")).usedBy).toEqual(["In"]);
    await edit({ id, version: 1 }, { ...smartHost, name: "partner" });
    const [policy] = (await draft()).policies;
    expect(policy?.to.routes).toEqual([{ recipientDomain: { is: "partner.test" }, route: "partner" }]);
    const inside = await found("inside");
    await edit(inside, { ...inside.route, name: "mail server" });
    expect((await draft()).policies[0]?.to.route).toBe("mail server");
    expect((await lastAudit()).summary).toMatch(/; was "inside"$/);
  });

  it("of POP3 that is renamed takes along where users and choices of a server lead to it", async () => {
    const route = routeSchema.parse({ name: "provider", protocol: "pop3", targets: [{ host: "x.test", port: 995 }] });
    const id = await add(route);
    const userRoutes = [{ domain: { is: "a.test" }, route: "provider" }];
    const serverChoice = { servers: [{ server: "x.test", route: "provider" }] };
    await database().policy.update({ where: { name: "Fetch" }, data: { userRoutes, serverChoice } });
    expect((await found("provider")).usedBy).toEqual(["Fetch"]);
    await edit({ id, version: 1 }, { ...route, name: "mailboxes" });
    const to = (await draft()).policies.find(({ name }) => name === "Fetch")?.to;
    expect(to).toMatchObject({
      route: "mailbox",
      userRoutes: [{ domain: { is: "a.test" }, route: "mailboxes" }],
      serverChoice: { servers: [{ server: "x.test", route: "mailboxes" }] },
    });
  });

  it("with a bridge needs credentials with a password for mail programs, each of another user", async () => {
    const target = { targets: [{ host: "x.test", port: 995 }] };
    const bridge = (...credentials: string[]) =>
      routeSchema.parse({ name: "provider", protocol: "pop3", ...target, bridge: { credentials } });
    const secret = { kind: "password", user: "anna", password: "secret" } as const;
    await addCredential(mara, { ...secret, name: "plain" });
    await addCredential(mara, { ...secret, name: "anna", clientPassword: "here only" });
    await addCredential(mara, { ...secret, name: "anna too", clientPassword: "here only" });
    for (const [credentials, words] of [
      [["nobody"], /^Not saved: there is no credential "nobody"\. Choose another, or add it\.$/],
      [["plain"], /^Not saved: the credential "plain" has no password for mail programs, .*\. Give it one first\.$/],
      [["anna", "anna too"], /^Not saved: the bridge has two credentials of the user "anna" .*\. Choose one\.$/],
    ] as const) {
      await expect(add(bridge(...credentials))).rejects.toMatchObject({ publicMessage: expect.stringMatching(words) });
    }
    await add(bridge("anna"));
    expect((await lastAudit()).summary).toBe("pop3, bridge for 1 user, to x.test:995");
  });

  it("is not deleted while a policy sends mail over it", async () => {
    const { id, version } = await found("inside");
    const asked = transaction((tx) => deleteRoute(tx, mara, { routeId: id, version }));
    const publicMessage = 'Not deleted: the route "inside" is used by policy "In". Take it out there first.';
    await expect(asked).rejects.toMatchObject({ code: "IN_USE", publicMessage });
  });

  it("is deleted when nothing uses it", async () => {
    const routeId = await add(smartHost);
    await transaction((tx) => deleteRoute(tx, mara, { routeId, version: 1 }));
    expect((await readRoutes(now)).some(({ route }) => route.name === "smart host")).toBe(false);
    expect((await lastAudit()).action).toBe("route.delete");
  });

  it("is refused under a name that is taken, and with a credential that is not there", async () => {
    await expect(add({ ...smartHost, name: "inside" })).rejects.toMatchObject({ code: "NAME_TAKEN" });
    await expect(add({ ...smartHost, credential: "nobody" })).rejects.toMatchObject({
      code: "REF_MISSING",
      publicMessage: 'Not saved: there is no credential "nobody". Choose another, or add it.',
    });
  });

  it("does not become one for another protocol while policies use it", async () => {
    const inside = await found("inside");
    const pop3 = routeSchema.parse({ name: "inside", protocol: "pop3", targets: [{ host: "x.test", port: 110 }] });
    await expect(edit(inside, pop3)).rejects.toMatchObject({ code: "POLICY_INVALID" });
  });

  it("edited by two at once tells the second one", async () => {
    const inside = await found("inside");
    await edit(inside, inside.route);
    await expect(edit(inside, inside.route)).rejects.toMatchObject({ code: "EDIT_CONFLICT" });
  });
});

describe("the state of a route", () => {
  it("is what each worker last said, and old when the worker is not heard", async () => {
    const state = {
      route: "inside",
      protocol: "smtp",
      state: "down",
      queued: 4,
      oldestAt: null,
      lastError: "refused",
      targets: [],
    };
    const status = { ...report(1).status, routes: [state] };
    const worker = { controlUrl: "http://127.0.0.1:1", controlTokenSealed: "x", reportTokenHash: "x", status };
    await database().worker.createMany({
      data: [
        { id: "a", name: "a", ...worker, lastSeenAt: now },
        { id: "b", name: "b", ...worker, lastSeenAt: null },
      ],
    });
    expect((await found("inside")).workers).toMatchObject([
      { worker: "a", heard: true, status: state },
      { worker: "b", heard: false, status: state },
    ]);
    const fresh = await add(smartHost);
    const workers = (await readRoutes(now)).find(({ id }) => id === fresh)?.workers;
    expect(workers?.map((one) => one.status)).toEqual([null, null]);
  });
});
