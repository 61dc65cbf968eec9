import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { Credential } from "#core/contract/credential.ts";
import type { Problem } from "#core/contract/policy-document.ts";
import { database, transaction } from "#lib/db.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { pushLiveRevision, repairWorker } from "#lib/revisions/push.ts";
import { publishedState } from "#lib/revisions/queries.ts";
import { sealCredential } from "#lib/vault/sealed.ts";
import { enrolWorker } from "#lib/workers/mutations.ts";
import { pinKey } from "#worker/policy/verify-bundle.ts";
import { useTestDatabase } from "../../support/database.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { PolicyReceiver } from "../../support/policy-receiver.ts";
import { report } from "../../support/report-samples.ts";
import { reported } from "../../support/reported.ts";

useTestDatabase();
const folder = mkdtempSync(join(tmpdir(), "postern-push-"));
const keys = generateKeyPairSync("ed25519");
let receiver: PolicyReceiver;

async function enrol(id: string, controlUrl: string) {
  const token = randomBytes(24).toString("hex");
  await transaction((tx) => enrolWorker(tx, { id, name: id, controlUrl, controlToken: token, reportToken: token }));
}

beforeAll(async () => {
  writeFileSync(join(folder, "master"), randomBytes(32).toString("base64"));
  writeFileSync(join(folder, "signing"), keys.privateKey.export({ type: "pkcs8", format: "pem" }));
  process.env.POSTERN_MASTER_KEY_FILE = join(folder, "master");
  process.env.POSTERN_SIGNING_KEY_FILE = join(folder, "signing");
  receiver = await PolicyReceiver.listen(
    "alpha",
    pinKey(keys.publicKey.export({ type: "spki", format: "pem" }).toString()),
  );
  await enrol("alpha", receiver.url);
});

beforeEach(() => {
  receiver.refusal = null;
  receiver.taken.length = 0;
});

afterAll(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
  delete process.env.POSTERN_MASTER_KEY_FILE;
  delete process.env.POSTERN_SIGNING_KEY_FILE;
});

it("gives nothing before the first publish", async () => {
  expect(await pushLiveRevision()).toEqual([]);
  expect(await publishedState()).toBeNull();
});

it("gives every worker a bundle that it verifies with its pinned key, and keeps the acknowledgement", async () => {
  await importAndPublish(policyFixture("first-message.yaml", {}));
  expect((await publishedState())?.workers).toEqual([{ id: "alpha", name: "alpha", answer: null, waits: false }]);
  expect(await pushLiveRevision()).toEqual([{ workerId: "alpha", applied: true, error: null }]);
  expect(receiver.taken).toEqual([1]);
  expect((await publishedState())?.workers[0]?.answer).toMatchObject({ applied: true, error: null });
});

it("gives the credentials before the bundle, opened; a worker that gets none of them gets no bundle", async () => {
  const credential: Credential = { kind: "password", name: "smart host", user: "gate", password: "secret" };
  const row = await database().credential.create({ data: sealCredential(credential) });
  expect(await pushLiveRevision()).toMatchObject([{ applied: true }]);
  expect(receiver.credentials).toEqual([credential]);
  receiver.taken.length = 0;
  await database().credential.update({ where: { id: row.id }, data: { name: "renamed" } });
  vi.spyOn(console, "error").mockImplementationOnce(() => undefined);
  expect(await pushLiveRevision()).toMatchObject([
    { applied: false, error: expect.stringMatching(/cannot open its stored/) },
  ]);
  expect(receiver.taken).toEqual([]);
  await database().credential.delete({ where: { id: row.id } });
  await pushLiveRevision();
  expect(receiver.credentials).toEqual([]);
});

it("keeps a worker's refusal with all its problems", async () => {
  const problem: Problem = { path: ["policies", 0, "listen", 0], code: "listener", message: "port 25 is taken" };
  receiver.refusal = {
    code: "invalid-policy",
    message: "the policy was refused",
    problems: [problem, { ...problem, message: "no" }],
  };
  const [result] = await pushLiveRevision();
  expect(result).toMatchObject({ applied: false });
  expect(result?.error).toMatch(/^the policy was refused\n.*port 25 is taken\n.*no$/);
  const row = await database().acknowledgement.findFirstOrThrow();
  expect(row).toMatchObject({ revisionNumber: 1, workerId: "alpha", applied: false, error: result?.error });
});

it("repairs one worker and overwrites its older answer", async () => {
  expect(await repairWorker("alpha")).toEqual({ workerId: "alpha", applied: true, error: null });
  expect(await database().acknowledgement.findFirstOrThrow()).toMatchObject({ applied: true, error: null });
  expect(await repairWorker("nobody")).toBeNull();
});

it("is refused by a worker that trusts another key, and by one that a bundle was not made for", async () => {
  const other = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
  const stranger = await PolicyReceiver.listen("beta", pinKey(other));
  await enrol("beta", stranger.url);
  await enrol("gamma", receiver.url);
  const results = await pushLiveRevision();
  expect(results.map(({ workerId, applied }) => [workerId, applied])).toEqual([
    ["alpha", true],
    ["beta", false],
    ["gamma", false],
  ]);
  await stranger.close();
  expect((await repairWorker("beta"))?.error).toContain("cannot be reached");
});

it("tells when the console cannot sign or cannot open a worker's token, and gives the others theirs", async () => {
  process.env.POSTERN_SIGNING_KEY_FILE = join(folder, "gone");
  expect((await repairWorker("alpha"))?.error).toContain("POSTERN_SIGNING_KEY_FILE");
  process.env.POSTERN_SIGNING_KEY_FILE = join(folder, "signing");
  await database().worker.update({ where: { id: "beta" }, data: { controlTokenSealed: "v1.AAAA" } });
  const results = await pushLiveRevision();
  expect(results.find(({ workerId }) => workerId === "alpha")).toMatchObject({ applied: true });
  expect(results.find(({ workerId }) => workerId === "beta")?.error).toContain("POSTERN_MASTER_KEY_FILE");
});

it("has succeeded once the worker reports the revision, whatever its answer was", async () => {
  const { number, digest } = await database().revision.findFirstOrThrow();
  const where = { revisionNumber_workerId: { revisionNumber: number, workerId: "gamma" } };
  const before = await database().acknowledgement.findUniqueOrThrow({ where });
  expect(before.applied).toBe(false);
  await reported({ status: { ...report(1).status, revision: number, digest: "f".repeat(64) } }, new Date(), "gamma");
  expect(await database().acknowledgement.findUniqueOrThrow({ where })).toEqual(before);
  await reported({ status: { ...report(1).status, revision: number, digest } }, new Date(), "gamma");
  expect(await database().acknowledgement.findUniqueOrThrow({ where })).toMatchObject({ applied: true, error: null });
});
