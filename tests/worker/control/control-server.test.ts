import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  banCommandAnswerSchema,
  controlErrorSchema,
  controlPaths,
  credentialsAnswerSchema,
  queuePageSchema,
  signingKeysAnswerSchema,
} from "#core/contract/control-api.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";
import { controlRoutes } from "#worker/control/control-routes.ts";
import { ControlServer } from "#worker/control/control-server.ts";
import { credentialProblems } from "#worker/credentials/credential-problems.ts";
import { CredentialStore } from "#worker/credentials/credential-store.ts";
import { makeDelivery } from "#worker/delivery/make-delivery.ts";
import { Listeners } from "#worker/net/listeners.ts";
import { Governor } from "#worker/policy/governor.ts";
import { PolicyStore } from "#worker/policy/policy-store.ts";
import { pinKey } from "#worker/policy/verify-bundle.ts";
import { QuarantineCommands } from "#worker/quarantine/quarantine-commands.ts";
import { Faults } from "#worker/report/faults.ts";
import { workerStatus } from "#worker/report/status.ts";
import { signingKeyProblems } from "#worker/sender-auth/signing-key-problems.ts";
import { SigningKeyStore } from "#worker/sender-auth/signing-key-store.ts";
import type { Session } from "#worker/services.ts";
import { WorkerDrain } from "#worker/worker-drain.ts";
import { makeControlKey, signBundle } from "../../support/control-key.ts";
import { freePort } from "../../support/free-port.ts";
import { idleSession } from "../../support/idle-session.ts";
import { smtpDocument } from "../../support/policy-documents.ts";
import { queueMessage } from "../../support/queued-message.ts";
import { askControl, commandQueue, putBundle, readQueue, readStatus } from "../../support/worker-control.ts";
import { makeWorkerParts, silentLog } from "../../support/worker-parts.ts";

const key = makeControlKey();
const signingKey = {
  ...{ name: "seal", domain: "a.test", selector: "s1", algorithm: "ed25519" },
  ...{ privateKey: "private-canary", state: "active" },
};
const token = "the-token-of-this-worker-0123456789";

async function startControl() {
  const { services, bans, spool, quarantine, recorder, pool, stateDir } = await makeWorkerParts();
  const start = (): Session => idleSession();
  const listeners = new Listeners({ services, bans, starters: { smtp: start, pop3: start } });
  const faults = new Faults();
  const pinned = pinKey(key.publicKeyPem);
  const store = new PolicyStore(stateDir);
  const reports = { damaged: () => undefined, kept: () => undefined };
  const credentials = new CredentialStore([], join(stateDir, "credentials"), reports);
  const signingKeys = new SigningKeyStore(join(stateDir, "signing-keys"), reports);
  const missing = (policy: CompiledPolicy) => [
    ...credentialProblems(policy, (name) => credentials.get(name)),
    ...signingKeyProblems(policy, (name) => signingKeys.has(name)),
  ];
  const governor = new Governor({ listeners, store, workerId: "local", pinned, missing, faults, now: Date.now });
  const certificates = { status: () => [] };
  const { delivery, shownQueue, destinations } = makeDelivery({
    ...{ stateDir, services, spool, log: silentLog, random: Math.random },
    findRoute: () => null,
    hostNameOf: () => "mx.example.test",
  });
  const drain = new WorkerDrain({ listeners, delivery, services, log: silentLog });
  const status = () =>
    workerStatus({
      startedAt: 0,
      governor,
      listeners,
      bans,
      smtpPool: pool,
      pop3Servers: services.pop3Servers,
      certificates,
      credentials,
      signingKeys,
      quarantine,
      queue: spool,
      delivery,
      drain,
      faults,
      scanners: { statuses: () => [] },
    });
  const routes = controlRoutes({
    services,
    shownQueue,
    destinations,
    delivery,
    drain,
    governor,
    listeners,
    credentials,
    signingKeys,
    bans,
    spool,
    quarantine,
    commands: new QuarantineCommands(quarantine, recorder, {
      spool,
      judge: ({ content }, done) => done(null, { goes: true, content }),
      hostNameOf: () => "mx.example.test",
      newId: services.newId,
      now: Date.now,
    }),
    recorder,
    status,
    newId: services.newId,
    now: Date.now,
  });
  const server = new ControlServer({ token, routes, log: silentLog });
  const port = await server.listen("127.0.0.1", 0);
  onTestFinished(async () => {
    await server.close();
    await listeners.drain();
  });
  return { target: { controlUrl: `http://127.0.0.1:${port}`, token }, spool, quarantine, recorder };
}

async function errorOf(response: Response) {
  const { error } = controlErrorSchema.parse(await response.json());
  return [response.status, error.code];
}

test("401 without a token, with another one and with a part of it", async () => {
  const { target } = await startControl();
  for (const wrong of ["", "x", token.slice(0, -1), `${token}x`]) {
    expect(await errorOf(await askControl({ ...target, token: wrong }, "GET", controlPaths.status))).toEqual([
      401,
      "unauthorized",
    ]);
  }
  expect(await errorOf(await fetch(target.controlUrl + controlPaths.status))).toEqual([401, "unauthorized"]);
});

test("a taken control port is said with address, port and what to do", async () => {
  const { target } = await startControl();
  const port = Number(new URL(target.controlUrl).port);
  const server = new ControlServer({ token, routes: new Map(), log: silentLog });
  await expect(server.listen("127.0.0.1", port)).rejects.toThrow(
    `control: 127.0.0.1:${port} cannot be bound: the port is taken`,
  );
});

test("404 for another path or method", async () => {
  const { target } = await startControl();
  expect(await errorOf(await askControl(target, "GET", "/"))).toEqual([404, "not-found"]);
  expect(await errorOf(await askControl(target, "POST", controlPaths.status, {}))).toEqual([404, "not-found"]);
});

test("400 for what is not JSON, not the right shape, or a bad page", async () => {
  const { target } = await startControl();
  const headers = { authorization: `Bearer ${token}` };
  const noJson = await fetch(target.controlUrl + controlPaths.bundle, { method: "PUT", headers, body: "{" });
  expect(await errorOf(noJson)).toEqual([400, "bad-request"]);
  expect(
    await errorOf(
      await askControl(target, "POST", controlPaths.queueCommands, { command: "eat", ids: ["1"], by: "me" }),
    ),
  ).toEqual([400, "bad-request"]);
  expect(await errorOf(await askControl(target, "GET", `${controlPaths.queue}?limit=0`))).toEqual([400, "bad-request"]);
});

test("413 for a body over its cap, without reading it", async () => {
  const { target } = await startControl();
  const body = { command: "hold", ids: ["x".repeat(300 * 1024)], by: "me" };
  expect(await errorOf(await askControl(target, "POST", controlPaths.queueCommands, body))).toEqual([413, "too-large"]);
});

test("status tells revision, listeners, routes and queue", async () => {
  const { target, spool } = await startControl();
  const port = await freePort();
  expect(
    (
      await putBundle(
        target,
        signBundle(key, { workerId: "local", revision: 9, document: smtpDocument({ ports: [port] }) }),
      )
    ).status,
  ).toBe(200);
  await queueMessage(spool, "x\r\n");
  expect(await readStatus(target)).toMatchObject({
    revision: 9,
    listeners: [{ address: "127.0.0.1", port, protocol: "smtp", interface: "External", connections: 0 }],
    routes: [{ route: "inside", state: "unknown", queued: 1 }],
    queue: { depth: 1, bytes: 3 },
    certificates: [],
    bans: [],
    banCount: 0,
    faults: [],
  });
});

test("409 for an older revision, 422 for a bundle of another key", async () => {
  const { target } = await startControl();
  const document = smtpDocument({ ports: [await freePort()] });
  await putBundle(target, signBundle(key, { workerId: "local", revision: 2, document }));
  expect(await errorOf(await putBundle(target, signBundle(key, { workerId: "local", revision: 1, document })))).toEqual(
    [409, "stale-revision"],
  );
  expect(
    await errorOf(await putBundle(target, signBundle(makeControlKey(), { workerId: "local", revision: 3, document }))),
  ).toEqual([422, "bad-signature"]);
});

test("the queue comes in pages in the order of ids", async () => {
  const { target, spool } = await startControl();
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.push(await queueMessage(spool, `${n}\r\n`));
  ids.sort();
  const first = queuePageSchema.parse(await (await askControl(target, "GET", `${controlPaths.queue}?limit=2`)).json());
  expect(first.entries.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect(first.next).toBe(ids[1]);
  expect((await readQueue(target)).map(({ id }) => id)).toEqual(ids);
});

test("a command answers for each id, and each that was carried out is an event that names the person", async () => {
  const { target, spool, recorder } = await startControl();
  const id = await queueMessage(spool, "x\r\n");
  expect(await commandQueue(target, "hold", [id, "01MISSING"])).toEqual([
    { id, done: true, reason: null },
    { id: "01MISSING", done: false, reason: "it is not in the queue" },
  ]);
  expect(recorder.events).toMatchObject([{ kind: "queue", messageId: id, command: "hold", by: "tester" }]);
});

test("what cannot be deleted with a notice to its sender stays, with the reason, and without an event", async () => {
  const { target, spool, recorder } = await startControl();
  const id = await queueMessage(spool, "x\r\n");
  const refused = { id, done: false, reason: expect.stringContaining("no report goes to senders from the route") };
  expect(await commandQueue(target, "bounce", [id])).toEqual([refused]);
  expect(spool.entry(id)).toMatchObject({ state: "ready" });
  expect(recorder.events).toEqual([]);
});

test("a message is rerouted to an SMTP route of the policy in force, by name; another name is refused with words", async () => {
  const { target, spool, recorder } = await startControl();
  const id = await queueMessage(spool, "x\r\n", { route: "gone" });
  const document = smtpDocument({ ports: [await freePort()] });
  await putBundle(target, signBundle(key, { workerId: "local", revision: 1, document }));
  expect(await commandQueue(target, "reroute", [id], { route: "outside" })).toEqual([
    { id, done: false, reason: "the policy in force has no SMTP route named outside" },
  ]);
  expect(recorder.events).toEqual([]);
  expect(await commandQueue(target, "reroute", [id], { route: "inside" })).toEqual([{ id, done: true, reason: null }]);
  expect(recorder.events).toMatchObject([{ kind: "queue", messageId: id, command: "reroute", by: "tester" }]);
  expect(await readQueue(target)).toMatchObject([{ id, route: "inside", destination: "inside", cause: null }]);
  expect((await readStatus(target)).destinations).toMatchObject([{ route: "inside", state: "active", queued: 1 }]);
});

test("credentials are replaced as a whole, their names are answered and reported, their secrets are not", async () => {
  const { target } = await startControl();
  const credential = { kind: "password", name: "smart host", user: "gate", password: "password-canary" };
  const answer = await askControl(target, "PUT", controlPaths.credentials, { credentials: [credential] });
  const text = await answer.text();
  expect(credentialsAnswerSchema.parse(JSON.parse(text))).toEqual({ names: ["smart host"] });
  const status = await readStatus(target);
  expect(status.credentials).toEqual(["smart host"]);
  expect(text + JSON.stringify(status)).not.toContain("canary");
  await askControl(target, "PUT", controlPaths.credentials, { credentials: [] });
  expect((await readStatus(target)).credentials).toEqual([]);
});

test("400 for credentials of another shape, without saying back what was sent", async () => {
  const { target } = await startControl();
  const bad = { credentials: [{ kind: "password", name: " ", user: 5, password: ["password-canary"] }] };
  const answer = await askControl(target, "PUT", controlPaths.credentials, bad);
  const text = await answer.text();
  expect([answer.status, controlErrorSchema.parse(JSON.parse(text)).error.code]).toEqual([400, "bad-request"]);
  expect(text).not.toContain("canary");
});

test("signing keys are replaced as a whole, their names are answered and reported, the keys are not", async () => {
  const { target } = await startControl();
  const put = (keys: unknown[]) => askControl(target, "PUT", controlPaths.signingKeys, { keys });
  const answer = await put([signingKey]);
  const text = await answer.text();
  expect(signingKeysAnswerSchema.parse(JSON.parse(text))).toEqual({ names: ["seal"] });
  const status = await readStatus(target);
  expect(status.signingKeys).toEqual(["seal"]);
  expect(text + JSON.stringify(status)).not.toContain("canary");
  const bad = await put([{ ...signingKey, selector: "a.b" }]);
  const refusal = await bad.text();
  expect([bad.status, controlErrorSchema.parse(JSON.parse(refusal)).error.code]).toEqual([400, "bad-request"]);
  expect(refusal).not.toContain("canary");
  await put([]);
  expect((await readStatus(target)).signingKeys).toEqual([]);
});

test("422 with the place for a policy that seals with a key which the worker has not got, and 200 once it has", async () => {
  const { target } = await startControl();
  const settings = { senderAuth: { onSignedModified: "arc-seal", sealWith: "seal" } } as const;
  const document = smtpDocument({ ports: [await freePort()], settings });
  const bundle = signBundle(key, { workerId: "local", revision: 1, document });
  const { error } = controlErrorSchema.parse(await (await putBundle(target, bundle)).json());
  expect(error).toMatchObject({
    code: "invalid-policy",
    problems: [
      { path: ["proxyActions", 0, "settings", "senderAuth", "sealWith"], message: expect.stringContaining('"seal"') },
    ],
  });
  await askControl(target, "PUT", controlPaths.signingKeys, { keys: [signingKey] });
  expect((await putBundle(target, bundle)).status).toBe(200);
});

test("422 with the place for a policy that names a credential which the worker has not got, and 200 once it has", async () => {
  const { target } = await startControl();
  const document = smtpDocument({ ports: [await freePort()] });
  const [route] = document.routes;
  if (route?.protocol !== "smtp") throw new Error("no SMTP route");
  route.credential = "smart host";
  const bundle = signBundle(key, { workerId: "local", revision: 1, document });
  const { error } = controlErrorSchema.parse(await (await putBundle(target, bundle)).json());
  expect(error).toMatchObject({
    code: "invalid-policy",
    problems: [
      { path: ["routes", 0, "credential"], code: "unknown-name", message: expect.stringContaining("smart host") },
    ],
  });
  const credential = { kind: "password", name: "smart host", user: "gate", password: "secret" };
  await askControl(target, "PUT", controlPaths.credentials, { credentials: [credential] });
  expect((await putBundle(target, bundle)).status).toBe(200);
});

test("a person bans addresses and lifts bans; the status tells of them, and a command that changes nothing says so", async () => {
  const { target } = await startControl();
  const command = async (body: object) => {
    const answer = await askControl(target, "POST", controlPaths.banCommands, { by: "Mara", ...body });
    return answer.status === 200 ? banCommandAnswerSchema.parse(await answer.json()).done : await errorOf(answer);
  };
  const ban = { command: "ban", addresses: ["192.0.2.1", "2001:DB8::1"], minutes: 20, reason: "probes our users" };
  expect(await command(ban)).toBe(2);
  expect(await command({ ...ban, addresses: ["192.0.2.1"], minutes: 1 })).toBe(0);
  const { bans, banCount } = await readStatus(target);
  expect(banCount).toBe(2);
  expect(bans).toMatchObject([
    { address: "192.0.2.1", reason: "probes our users", by: "person" },
    { address: "2001:db8::1" },
  ]);
  expect(await command({ command: "lift", addresses: ["2001:db8:0::1", "192.0.2.9"] })).toBe(1);
  expect((await readStatus(target)).bans.map(({ address }) => address)).toEqual(["192.0.2.1"]);
  expect(await command({ ...ban, addresses: ["192.0.2.0/24"] })).toEqual([400, "bad-request"]);
  expect(await command({ ...ban, minutes: 10_081 })).toEqual([400, "bad-request"]);
});
