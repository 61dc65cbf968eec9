import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { bundleAnswerSchema, controlErrorSchema, controlPaths } from "#core/contract/control-api.ts";
import { accepts } from "../support/accepts.ts";
import { makeControlKey, signBundle } from "../support/control-key.ts";
import { freePort } from "../support/free-port.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { askControl, putBundle, readStatus } from "../support/worker-control.ts";
import { WorkerProcess } from "../support/worker-process.ts";

let worker: WorkerProcess;
let smtpPort: number;
let document: { routes: { name: string }[]; lists: { name: string; entries: string[] }[] };

beforeAll(async () => {
  smtpPort = await freePort();
  const ports = { 2525: smtpPort, 2110: await freePort(), 2600: await freePort(), 2601: await freePort() };
  document = parse(policyFixture("first-message.yaml", ports)) as typeof document;
  worker = await WorkerProcess.start({});
}, 60_000);

afterAll(async () => {
  await worker?.remove();
}, 60_000);

const bundle = (revision: number, changes: object = {}) =>
  signBundle(worker.key, { workerId: worker.workerId, revision, document: { ...document, ...changes } });

async function refusal(response: Response) {
  return { status: response.status, ...controlErrorSchema.parse(await response.json()).error };
}

test("401 for a wrong token and for none", async () => {
  const stranger = { controlUrl: worker.controlUrl, token: "x" };
  expect(await refusal(await putBundle(stranger, bundle(1)))).toMatchObject({ status: 401, code: "unauthorized" });
  const bare = await fetch(`${worker.controlUrl}${controlPaths.status}`);
  expect(bare.status).toBe(401);
});

test("a signed bundle is applied: the listeners open and the revision is reported", async () => {
  expect(await accepts(smtpPort)).toBe(false);
  const answer = await putBundle(worker, bundle(5));
  expect(answer.status).toBe(200);
  expect(bundleAnswerSchema.parse(await answer.json())).toMatchObject({ revision: 5, changed: true });
  expect(await accepts(smtpPort)).toBe(true);
  expect(await readStatus(worker)).toMatchObject({ revision: 5 });
});

test("the same bundle again is no change", async () => {
  expect(await (await putBundle(worker, bundle(5))).json()).toMatchObject({ revision: 5, changed: false });
});

test("a bundle signed by another key is refused", async () => {
  const stranger = signBundle(makeControlKey(), { workerId: worker.workerId, revision: 6, document });
  expect(await refusal(await putBundle(worker, stranger))).toMatchObject({ code: "bad-signature" });
  const forged = { ...bundle(6), payload: bundle(7).payload };
  expect(await refusal(await putBundle(worker, forged))).toMatchObject({ code: "bad-signature" });
});

test("a bundle for another worker and an expired one are refused", async () => {
  const foreign = signBundle(worker.key, { workerId: "another", revision: 6, document });
  expect(await refusal(await putBundle(worker, foreign))).toMatchObject({ code: "wrong-worker" });
  const expiresAt = new Date(Date.now() - 1000).toISOString();
  const expired = signBundle(worker.key, { workerId: worker.workerId, revision: 6, document, expiresAt });
  expect(await refusal(await putBundle(worker, expired))).toMatchObject({ code: "expired" });
});

test("409 for an older revision", async () => {
  expect(await refusal(await putBundle(worker, bundle(4)))).toMatchObject({ status: 409, code: "stale-revision" });
});

test("422 with every problem for an invalid policy, and nothing changes", async () => {
  const routes = [...document.routes, { ...document.routes[0], name: "inside" }];
  const lists = [{ name: "programs", kind: "patterns", entries: ["*.exe"] }];
  const refused = await refusal(await putBundle(worker, bundle(6, { routes, lists })));
  expect(refused).toMatchObject({ status: 422, code: "invalid-policy" });
  const codes = new Set(refused.problems.map((problem) => problem.code));
  expect(codes).toContain("duplicate-name");
  expect(codes).toContain("unknown-name");
  expect(refused.problems.filter((problem) => problem.code === "unknown-name")).toHaveLength(2);
  expect(await readStatus(worker)).toMatchObject({ revision: 5 });
  expect(await accepts(smtpPort)).toBe(true);
});

test("400 for a body that is no bundle", async () => {
  expect(await refusal(await askControl(worker, "PUT", controlPaths.bundle, { payload: 1 }))).toMatchObject({
    status: 400,
  });
});

test("the last good bundle is in force after a kill -9 and a restart without a console", async () => {
  await worker.killNine();
  expect(await accepts(smtpPort)).toBe(false);
  await worker.start();
  expect(await readStatus(worker)).toMatchObject({ revision: 5 });
  expect(await accepts(smtpPort)).toBe(true);
  expect(await refusal(await putBundle(worker, bundle(4)))).toMatchObject({ code: "stale-revision" });
  expect(await (await putBundle(worker, bundle(6))).json()).toMatchObject({ revision: 6, changed: true });
});
