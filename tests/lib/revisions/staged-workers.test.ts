import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { POST as postReport } from "#app/api/worker/v1/report/route.ts";
import { closeDatabase, transaction } from "#lib/db.ts";
import { readOverview } from "#lib/overview/overview.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { importDocument } from "#lib/revisions/mutations.ts";
import { publishAndPush, pushLiveRevision, revertAndPush, widenAndPush } from "#lib/revisions/push.ts";
import { runningRollout } from "#lib/revisions/queries.ts";
import { enrolWorker } from "#lib/workers/mutations.ts";
import { listWorkers } from "#lib/workers/queries.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { makeControlKey } from "../../support/control-key.ts";
import { useTestDatabase } from "../../support/database.ts";
import { mara } from "../../support/draft.ts";
import { freePort } from "../../support/free-port.ts";
import { policyFixture } from "../../support/policy-fixture.ts";
import { ServedRoutes } from "../../support/served-routes.ts";
import { WorkerProcess } from "../../support/worker-process.ts";

useTestDatabase();
useConsoleSettings();

const folder = mkdtempSync(join(tmpdir(), "postern-staged-"));
const key = makeControlKey();
const patience = { timeout: 60_000 };
let served: ServedRoutes;
let alpha: WorkerProcess;
let beta: WorkerProcess;

/** Nothing listens: two workers of one machine cannot have the same ports. */
const asleep = policyFixture("first-message.yaml", {}).replaceAll(
  /(name: (?:In|Fetch), protocol: \w+),/g,
  "$1, enabled: false,",
);

beforeAll(async () => {
  process.env["POSTERN_SIGNING_KEY_FILE"] = join(folder, "signing.pem");
  writeFileSync(join(folder, "signing.pem"), key.privateKey.export({ type: "pkcs8", format: "pem" }));
  await importAndPublish(asleep);
  served = await ServedRoutes.listen({ "POST /api/worker/v1/report": postReport });
  [alpha, beta] = await Promise.all([start("alpha"), start("beta")]);
}, 60_000);

afterAll(async () => {
  await Promise.all([alpha?.remove(), beta?.remove()]);
  await served.close();
  await closeDatabase();
  rmSync(folder, { recursive: true });
  delete process.env["POSTERN_SIGNING_KEY_FILE"];
});

async function start(workerId: string): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start({ workerId, key, consoleUrl: served.url });
  const { controlUrl, token: controlToken, reportToken } = worker;
  await transaction((tx) => enrolWorker(tx, { id: workerId, name: workerId, controlUrl, controlToken, reportToken }));
  return worker;
}

/** Name, state and revision in force of both, as the pages show them. */
const seen = async () =>
  (await listWorkers(new Date())).map(({ name, state, appliedRevision }) => [name, state, appliedRevision]);

async function publishFirstTo(worker: string, yaml: string) {
  await transaction((tx) => importDocument(tx, mara, { yaml }));
  return publishAndPush(mara, { comment: "", firstWorkers: [worker] });
}

it("two workers take what is live", async () => {
  await pushLiveRevision();
  await expect.poll(seen, patience).toEqual([
    ["alpha", "up", 1],
    ["beta", "up", 1],
  ]);
}, 90_000);

it("only the first worker is given a staged revision, and the other one is not drifted", async () => {
  const { number, workers } = await publishFirstTo("alpha", asleep.replace("recipientsMax: 100", "recipientsMax: 90"));
  expect([number, workers.map(({ workerId, applied }) => [workerId, applied])]).toEqual([2, [["alpha", true]]]);
  await expect.poll(seen, patience).toEqual([
    ["alpha", "up", 2],
    ["beta", "up", 1],
  ]);
}, 90_000);

it("a worker that is away when it is given to all gets it when it returns", async () => {
  await beta.killNine();
  const { workers } = await widenAndPush(mara, { number: 2 });
  expect(workers.map(({ workerId, applied }) => [workerId, applied])).toEqual([
    ["alpha", true],
    ["beta", false],
  ]);
  await beta.start();
  await expect.poll(seen, patience).toEqual([
    ["alpha", "up", 2],
    ["beta", "up", 2],
  ]);
}, 90_000);

it("a first worker that refuses keeps what it has and is shown so; taken back, all agree again", async () => {
  const taken = await occupied();
  const waking = policyFixture("first-message.yaml", { 2525: await freePort(), 2110: taken.port });
  const { workers } = await publishFirstTo("beta", waking);
  expect(workers).toMatchObject([
    { workerId: "beta", applied: false, error: expect.stringContaining(String(taken.port)) },
  ]);
  await expect.poll(seen, patience).toEqual([
    ["alpha", "up", 2],
    ["beta", "drifted", 2],
  ]);
  const { attention } = await readOverview(null, new Date());
  expect(attention.items.map(({ text }) => text)).toEqual(
    expect.arrayContaining(["Worker beta enforces r2, not r3.", "Worker beta did not take r3."]),
  );
  await revertAndPush(mara, { number: 3, reason: "beta refuses it" });
  expect(await runningRollout()).toBeNull();
  await expect.poll(seen, patience).toEqual([
    ["alpha", "up", 4],
    ["beta", "up", 4],
  ]);
  await taken.close();
}, 120_000);

/** A port that somebody else listens on. */
async function occupied(): Promise<{ port: number; close(): Promise<void> }> {
  const server: Server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has an address and a port");
  return { port: address.port, close: () => new Promise((closed) => server.close(() => closed())) };
}
