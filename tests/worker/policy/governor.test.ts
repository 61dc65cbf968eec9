import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import type { Credential } from "#core/contract/credential.ts";
import type { CompiledPolicy } from "#core/policy/compile.ts";
import { credentialProblems } from "#worker/credentials/credential-problems.ts";
import { Listeners } from "#worker/net/listeners.ts";
import { Governor } from "#worker/policy/governor.ts";
import { PolicyStart } from "#worker/policy/policy-start.ts";
import { PolicyStore } from "#worker/policy/policy-store.ts";
import { pinKey } from "#worker/policy/verify-bundle.ts";
import { Faults } from "#worker/report/faults.ts";
import type { Session } from "#worker/services.ts";
import { accepts } from "../../support/accepts.ts";
import { makeControlKey, signBundle } from "../../support/control-key.ts";
import { freePort } from "../../support/free-port.ts";
import { idleSession } from "../../support/idle-session.ts";
import { smtpDocument } from "../../support/policy-documents.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { makeWorkerParts, silentLog } from "../../support/worker-parts.ts";

const key = makeControlKey();

/** `credentials`: those that the worker has. */
async function makeGovernor(stateDir: string, policyFile: string | null = null, credentials: Credential[] = []) {
  const { services, bans } = await makeWorkerParts();
  const start = (): Session => idleSession();
  const listeners = new Listeners({ services, bans, starters: { smtp: start, pop3: start } });
  onTestFinished(() => void listeners.drain());
  const store = new PolicyStore(stateDir);
  const faults = new Faults();
  const pinned = pinKey(key.publicKeyPem);
  const missing = (policy: CompiledPolicy) =>
    credentialProblems(policy, (name) => credentials.find((one) => one.name === name) ?? null);
  const governor = new Governor({ listeners, store, workerId: "local", pinned, missing, faults, now: Date.now });
  const policyStart = new PolicyStart({ governor, store, policyFile, hasControl: true, faults, log: silentLog });
  onTestFinished(() => policyStart.stop());
  return { governor, listeners, faults, policyStart };
}

function bundle(revision: number, port: number, change: { expiresAt?: string; document?: object } = {}) {
  return signBundle(key, { workerId: "local", revision, document: smtpDocument({ ports: [port] }), ...change });
}

test("revisions only move forward; the same one again changes nothing", async () => {
  const { governor } = await makeGovernor(temporaryFolder());
  const port = await freePort();
  expect(await governor.push(bundle(2, port))).toMatchObject({ ok: true, answer: { revision: 2, changed: true } });
  expect(await governor.push(bundle(2, port))).toMatchObject({ ok: true, answer: { changed: false } });
  expect(await governor.push(bundle(1, port))).toMatchObject({ ok: false, refusal: { code: "stale-revision" } });
  expect(await governor.push(bundle(2, port + 1))).toMatchObject({ ok: false, refusal: { code: "stale-revision" } });
  expect(governor.inForce?.revision).toBe(2);
});

test("a refused bundle tells every reason and changes nothing", async () => {
  const { governor, listeners } = await makeGovernor(temporaryFolder());
  const port = await freePort();
  await governor.push(bundle(2, port));
  const document = { ...smtpDocument({ ports: [await freePort()] }), routes: [], proxyActions: [] };
  const refused = await governor.push(bundle(1, port, { document, expiresAt: "2020-01-01T00:00:00.000Z" }));
  expect(refused).toMatchObject({
    ok: false,
    refusal: {
      code: "stale-revision",
      message: expect.stringMatching(/does not come after.*; the bundle expired.*; the policy has 2 problems/),
    },
  });
  expect(refused.ok ? [] : refused.refusal.problems.map(({ code }) => code)).toEqual(["unknown-name", "unknown-name"]);
  expect(governor.inForce?.revision).toBe(2);
  expect(listeners.status()).toMatchObject([{ port }]);
});

test("the last good bundle is used at the next start, also when it has expired since", async () => {
  const stateDir = temporaryFolder();
  const port = await freePort();
  const before = await makeGovernor(stateDir);
  const expiresAt = new Date(Date.now() + 300).toISOString();
  expect(await before.governor.push(bundle(4, port, { expiresAt }))).toMatchObject({ ok: true });
  await before.listeners.drain();
  await waitUntil("the bundle to expire", () => Date.now() > Date.parse(expiresAt));
  const after = await makeGovernor(stateDir);
  await after.policyStart.run();
  expect(after.governor.inForce?.revision).toBe(4);
  expect(await accepts(port)).toBe(true);
  expect(after.faults.list()).toEqual([]);
});

test("a stored bundle that was tampered with serves nothing, not even the policy file, and says so", async () => {
  const stateDir = temporaryFolder();
  const port = await freePort();
  const before = await makeGovernor(stateDir);
  await before.governor.push(bundle(4, port));
  await before.listeners.drain();
  const path = join(stateDir, "policy/last-good.json");
  writeFileSync(path, readFileSync(path, "utf8").replace("127.0.0.1", "127.0.0.2"));
  const policyFile = join(stateDir, "policy.yaml");
  writeFileSync(policyFile, stringify(smtpDocument({ ports: [port] })));
  const after = await makeGovernor(stateDir, policyFile);
  await after.policyStart.run();
  expect(after.governor.inForce).toBeNull();
  expect(await accepts(port)).toBe(false);
  expect(after.faults.list()).toEqual([expect.stringContaining("the signature does not fit")]);
  expect(await after.governor.push(bundle(5, port))).toMatchObject({ ok: true });
  expect(after.faults.list()).toEqual([]);
});

test("a policy file that is not there is said in words", async () => {
  const { policyStart } = await makeGovernor(temporaryFolder(), "/nowhere/policy.yaml");
  await expect(policyStart.run()).rejects.toThrow(
    /nowhere.policy.yaml cannot be used:\n {2}- it cannot be read \(ENOENT\)/,
  );
});

test("a worker without any policy says so until it gets one", async () => {
  const { policyStart, governor, faults } = await makeGovernor(temporaryFolder());
  await policyStart.run();
  expect(faults.list()).toEqual(["There is no policy yet: nothing is served until one is published"]);
  await governor.push(bundle(1, await freePort()));
  expect(faults.list()).toEqual([]);
});

test("a stored bundle whose port is taken is a fault, and in force as soon as the port is free", async () => {
  const stateDir = temporaryFolder();
  const port = await freePort();
  const before = await makeGovernor(stateDir);
  await before.governor.push(bundle(4, port));
  await before.listeners.drain();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  const after = await makeGovernor(stateDir);
  await after.policyStart.run();
  expect(after.faults.list()).toEqual([expect.stringContaining(`127.0.0.1:${port} cannot be bound`)]);
  // Not in force, but taken: nothing older may take its place.
  expect(await after.governor.push(bundle(3, await freePort()))).toMatchObject({ refusal: { code: "stale-revision" } });
  await new Promise((resolve) => other.close(resolve));
  await waitUntil("the policy to be in force", () => after.governor.inForce?.revision === 4);
  expect(after.faults.list()).toEqual([]);
});

test("without a bundle the policy file is revision 0; its rules get the same ids at each start", async () => {
  const folder = temporaryFolder();
  const policyFile = join(folder, "policy.yaml");
  const document = smtpDocument({ ports: [await freePort()] });
  const rules = [{ name: "no spoofing", when: { senderDomain: { in: ["example.test"] } }, action: "deny" }];
  const [action] = document.proxyActions;
  writeFileSync(policyFile, stringify({ ...document, proxyActions: [{ ...action, rulesets: { sender: { rules } } }] }));
  const ids: (string | undefined)[] = [];
  for (const _ of [1, 2]) {
    const { governor, policyStart, listeners } = await makeGovernor(temporaryFolder(), policyFile);
    await policyStart.run();
    expect(governor.inForce).toMatchObject({ revision: 0, digest: null });
    ids.push(governor.inForce?.policy.listeners[0]?.policies[0]?.action.rulesets.get("sender")?.rules[0]?.id);
    await listeners.drain();
  }
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(ids[0]).toBe(ids[1]);
});

test("a bad policy file is refused with line and column", async () => {
  const policyFile = join(temporaryFolder(), "policy.yaml");
  writeFileSync(policyFile, "version: 1\nrouts: []\n");
  const { policyStart } = await makeGovernor(temporaryFolder(), policyFile);
  await expect(policyStart.run()).rejects.toThrow(/line 2, column 1: .*routs/);
});

test("a policy that names a credential which the worker has not got is refused when it is new, and in force again when it was", async () => {
  const stateDir = temporaryFolder();
  const port = await freePort();
  const document = smtpDocument({ ports: [port] });
  const [route] = document.routes;
  if (route?.protocol === "smtp") route.credential = "hub";
  const having = await makeGovernor(stateDir, null, [
    { kind: "password", name: "hub", user: "gate", password: "secret" },
  ]);
  expect(await having.governor.push(bundle(1, port, { document }))).toMatchObject({ ok: true });
  await having.listeners.drain();
  const lacking = await makeGovernor(stateDir);
  const problems = [{ path: ["routes", 0, "credential"], code: "unknown-name" }];
  expect(await lacking.governor.useFile(document)).toMatchObject(problems);
  await lacking.policyStart.run();
  expect(lacking.governor.inForce?.revision).toBe(1);
  expect(await lacking.governor.push(bundle(2, port, { document }))).toMatchObject({
    ok: false,
    refusal: { problems },
  });
  expect(lacking.governor.inForce?.revision).toBe(1);
});
