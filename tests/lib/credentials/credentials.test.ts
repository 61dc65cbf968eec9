import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Credential, CredentialChange } from "#core/contract/credential.ts";
import { pop3RouteSchema, smtpRouteSchema } from "#core/contract/policy-document.ts";
import { addCredential, deleteCredential, editCredential } from "#lib/credentials/mutations.ts";
import { type CredentialView, credentialChoices, readCredentials } from "#lib/credentials/queries.ts";
import { database, transaction } from "#lib/db.ts";
import { setting } from "#lib/env.ts";
import { publish } from "#lib/revisions/mutations.ts";
import { keepRevision } from "#lib/revisions/trial-mutations.ts";
import { addRoute } from "#lib/routes/mutations.ts";
import { enrolWorker } from "#lib/workers/mutations.ts";
import { pinKey } from "#worker/policy/verify-bundle.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { makeControlKey } from "../../support/control-key.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara } from "../../support/draft.ts";
import { freePort } from "../../support/free-port.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { PolicyReceiver } from "../../support/policy-receiver.ts";
import { report } from "../../support/report-samples.ts";

useTestDatabase();
useConsoleSettings();
const now = new Date("2026-01-05T10:00:33Z");

const relay = {
  kind: "password",
  name: "relay",
  user: "gate",
  password: "password-canary",
} as const satisfies Credential;
const cloud = {
  kind: "oauth2",
  name: "cloud",
  user: "gate@example.test",
  tokenUrl: "https://login.example.test/token",
  clientId: "client",
  clientSecret: "secret-canary",
  refreshToken: "refresh-canary",
  scope: "smtp",
} as const satisfies Credential;

beforeEach(async () => {
  await database().worker.deleteMany();
  await importDraft(policyFixture("first-message.yaml", {}));
  await database().credential.deleteMany();
});

async function found(name: string): Promise<CredentialView> {
  const view = (await readCredentials(now)).credentials.find((one) => one.name === name);
  if (view === undefined) throw new Error(`no credential ${name}`);
  return view;
}

async function enrol(id: string, controlUrl: string): Promise<void> {
  const [controlToken, reportToken] = [
    `control-token-of-${id}`.padEnd(32, "0"),
    `report-token-of-${id}`.padEnd(32, "0"),
  ];
  await transaction((tx) => enrolWorker(tx, { id, name: id, controlUrl, controlToken, reportToken }));
}

async function receiver(): Promise<PolicyReceiver> {
  const listening = await PolicyReceiver.listen("local", pinKey(makeControlKey().publicKeyPem));
  onTestFinished(() => listening.close());
  await enrol("local", listening.url);
  return listening;
}

const everythingKept = async () =>
  JSON.stringify([await database().credential.findMany(), await readCredentials(now)]) +
  JSON.stringify(await database().auditEntry.findMany({ select: { summary: true, object: true, detail: true } }));
const lastAudit = () => database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
const smartHost = (credential: string) =>
  smtpRouteSchema.parse({ name: "smart", protocol: "smtp", targets: [{ host: "x.test", port: 587 }], credential });

describe("a credential", () => {
  it("is given to the workers when it is added, and its secret stands nowhere else", async () => {
    const worker = await receiver();
    expect(await addCredential(mara, relay)).toEqual({ workers: [{ worker: "local", error: null }] });
    await addCredential(mara, cloud);
    expect(worker.credentials).toEqual([cloud, relay]);
    expect(await everythingKept()).not.toContain("canary");
    expect(await lastAudit()).toMatchObject({
      action: "credential.add",
      object: 'credential "cloud"',
      summary: "oauth2 of gate@example.test",
    });
  });

  it("is kept also when a worker cannot be reached; the answer says which one", async () => {
    await enrol("away", `http://127.0.0.1:${await freePort()}`);
    const { workers } = await addCredential(mara, relay);
    expect(workers).toEqual([{ worker: "away", error: expect.stringMatching(/cannot be reached/) }]);
    expect((await found("relay")).user).toBe("gate");
  });

  it("that is edited keeps the secret that is not sent", async () => {
    const worker = await receiver();
    await addCredential(mara, cloud);
    const { id, version } = await found("cloud");
    const { clientSecret: _, refreshToken: __, ...rest } = cloud;
    const credential = { ...rest, scope: "mail" };
    await editCredential(mara, { credentialId: id, version, credential });
    expect(worker.credentials).toEqual([{ ...cloud, scope: "mail" }]);
    expect((await lastAudit()).summary).toBe("oauth2 of gate@example.test, secret kept");
    await editCredential(mara, {
      credentialId: id,
      version: version + 1,
      credential: { ...credential, clientSecret: "", refreshToken: "another-canary" },
    });
    expect(worker.credentials).toEqual([{ ...cloud, scope: "mail", clientSecret: "", refreshToken: "another-canary" }]);
    expect((await lastAudit()).summary).toBe("oauth2 of gate@example.test, secret replaced");
    expect(await everythingKept()).not.toContain("canary");
  });

  it("of another kind needs its secret", async () => {
    await addCredential(mara, cloud);
    const { id, version } = await found("cloud");
    const change = (password?: string) =>
      editCredential(mara, {
        credentialId: id,
        version,
        credential: { kind: "password", name: "cloud", user: "gate", ...(password && { password }) },
      });
    await expect(change()).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await change("password-canary");
    const details = { kind: "password", name: "cloud", user: "gate", hasClientPassword: false };
    expect((await found("cloud")).details).toEqual(details);
  });

  it("gets a password for mail programs, keeps it over other changes and another kind, and loses it when it is emptied", async () => {
    const worker = await receiver();
    await addCredential(mara, cloud);
    const { id, version } = await found("cloud");
    const edit = (times: number, credential: CredentialChange) =>
      editCredential(mara, { credentialId: id, version: version + times, credential });
    const { clientSecret: _, refreshToken: __, ...rest } = cloud;
    await edit(0, { ...rest, clientPassword: "client-canary" });
    const kept = "oauth2 of gate@example.test, secret kept";
    expect((await lastAudit()).summary).toBe(`${kept}, password for mail programs set`);
    await edit(1, { ...rest, scope: "mail" });
    expect((await lastAudit()).summary).toBe(kept);
    expect(worker.credentials).toEqual([{ ...cloud, scope: "mail", clientPassword: "client-canary" }]);
    expect((await found("cloud")).details?.hasClientPassword).toBe(true);
    const { password, ...user } = { ...relay, name: "cloud" };
    await edit(2, { ...user, password });
    expect(worker.credentials).toEqual([{ ...user, password, clientPassword: "client-canary" }]);
    expect(await everythingKept()).not.toContain("canary");
    await edit(3, { ...user, clientPassword: "" });
    expect(worker.credentials).toEqual([{ ...user, password }]);
    expect((await lastAudit()).summary).toBe("password of gate, secret kept, password for mail programs removed");
  });

  it("keeps its password for mail programs while the bridge of a route needs it", async () => {
    await addCredential(mara, { ...relay, clientPassword: "client-canary" });
    const { id, version } = await found("relay");
    const bridge = pop3RouteSchema.parse({
      name: "provider",
      protocol: "pop3",
      targets: [{ host: "x.test", port: 995 }],
      bridge: { credentials: ["relay"] },
    });
    await transaction((tx) => addRoute(tx, mara, bridge));
    expect((await found("relay")).users).toEqual([{ route: "provider", bridges: true, published: false }]);
    const { password: _, ...rest } = relay;
    const asked = editCredential(mara, { credentialId: id, version, credential: { ...rest, clientPassword: "" } });
    await expect(asked).rejects.toMatchObject({
      code: "IN_USE",
      publicMessage:
        'Not saved: the password for mail programs of "relay" is needed by the bridge of route "provider". Take it out there first.',
    });
    await expect(deleteCredential(mara, { credentialId: id, version })).rejects.toMatchObject({ code: "IN_USE" });
  });

  it("edited by two at once tells the second one", async () => {
    await addCredential(mara, relay);
    const { id, version } = await found("relay");
    const { password: _, ...credential } = relay;
    const edit = () => editCredential(mara, { credentialId: id, version, credential });
    await edit();
    await expect(edit()).rejects.toMatchObject({ code: "EDIT_CONFLICT" });
  });

  it("is renamed and deleted while no route names it", async () => {
    const worker = await receiver();
    await addCredential(mara, relay);
    const { id, version } = await found("relay");
    const { password: _, ...rest } = relay;
    await editCredential(mara, { credentialId: id, version, credential: { ...rest, name: "smart host" } });
    expect(worker.credentials).toEqual([{ ...relay, name: "smart host" }]);
    await deleteCredential(mara, { credentialId: id, version: version + 1 });
    expect(worker.credentials).toEqual([]);
    expect((await readCredentials(now)).credentials).toEqual([]);
  });

  it("stays while some workers have the revision before the newest, or that may come back, and its routes name it", async () => {
    await addCredential(mara, { ...relay, name: "second" });
    const { id, version } = await found("second");
    await importDraft(policyFixture("first-message.yaml", {}));
    await transaction((tx) => addRoute(tx, mara, smartHost("second")));
    await transaction((tx) => publish(tx, mara, { comment: "" }));
    await importDraft(policyFixture("first-message.yaml", {}));
    const { number } = await transaction((tx) => publish(tx, mara, { comment: "", trialMinutes: 5 }));
    const remove = () => deleteCredential(mara, { credentialId: id, version });
    await expect(remove()).rejects.toMatchObject({ code: "IN_USE" });
    await transaction((tx) => keepRevision(tx, mara, { number }));
    await remove();
  });

  it("is neither renamed nor deleted while a route of the draft or of the live revision names it", async () => {
    await addCredential(mara, relay);
    const { id, version } = await found("relay");
    await transaction((tx) => addRoute(tx, mara, smartHost("relay")));
    expect((await found("relay")).users).toEqual([{ route: "smart", bridges: false, published: false }]);
    const remove = () => deleteCredential(mara, { credentialId: id, version });
    await expect(remove()).rejects.toMatchObject({
      code: "IN_USE",
      publicMessage: 'Not deleted: the credential "relay" is used by route "smart". Take it out there first.',
    });
    await transaction((tx) => publish(tx, mara, { comment: "" }));
    await importDraft(policyFixture("first-message.yaml", {}));
    await expect(remove()).rejects.toMatchObject({ publicMessage: expect.stringContaining('"smart" (published)') });
    const { password: _, ...rest } = relay;
    const credential = { ...rest, name: "other" };
    await expect(editCredential(mara, { credentialId: id, version, credential })).rejects.toMatchObject({
      code: "IN_USE",
    });
  });

  it("is refused under a name that is taken", async () => {
    await addCredential(mara, relay);
    await expect(addCredential(mara, { ...cloud, name: "relay" })).rejects.toMatchObject({ code: "NAME_TAKEN" });
  });

  it("of another master key is shown as such, and repaired by entering it again", async () => {
    await addCredential(mara, relay);
    writeFileSync(setting("POSTERN_MASTER_KEY_FILE"), randomBytes(32).toString("base64"));
    const { id, version, details } = await found("relay");
    expect(details).toBeNull();
    const { password: _, ...rest } = relay;
    await expect(editCredential(mara, { credentialId: id, version, credential: rest })).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
    await editCredential(mara, { credentialId: id, version, credential: relay });
    expect((await found("relay")).details).not.toBeNull();
  });

  it("shows which workers have it, and what they have from elsewhere", async () => {
    await addCredential(mara, relay);
    const worker = { controlUrl: "http://127.0.0.1:1", controlTokenSealed: "x", reportTokenHash: "x" };
    const status = (credentials: string[]) => ({ ...report(1).status, credentials });
    await database().worker.createMany({
      data: [
        { id: "a", name: "a", ...worker, lastSeenAt: now, status: status(["local file", "relay"]) },
        { id: "b", name: "b", ...worker, lastSeenAt: now, status: status([]) },
        { id: "c", name: "c", ...worker, lastSeenAt: null },
      ],
    });
    const { credentials, others } = await readCredentials(now);
    expect(credentials[0]?.workers).toEqual([
      { worker: "a", heard: true, has: true },
      { worker: "b", heard: true, has: false },
      { worker: "c", heard: false, has: false },
    ]);
    expect(others).toEqual([{ name: "local file", workers: ["a"] }]);
    expect(await credentialChoices()).toEqual([
      { name: "local file", user: null, hasClientPassword: null },
      { name: "relay", user: "gate", hasClientPassword: false },
    ]);
    await transaction((tx) => addRoute(tx, mara, smartHost("local file")));
  });
});
