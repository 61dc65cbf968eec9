import { afterAll, beforeAll, expect, test } from "vitest";
import { FlappingSink } from "../support/flapping-sink.ts";
import { freePort } from "../support/free-port.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { SmtpLoad } from "../support/smtp-load.ts";
import { waitUntil } from "../support/wait-until.ts";
import { readQueue } from "../support/worker-control.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import { MessageAccount } from "./message-account.ts";

let sink: FlappingSink;
let worker: WorkerProcess;
let ports: number[];
const account = new MessageAccount("load");

beforeAll(async () => {
  ports = [await freePort(), await freePort()];
  sink = new FlappingSink(await freePort(), (message, taken) => account.arrive(message, taken));
  await sink.up();
  const substitution = { 2525: ports[0] ?? 0, 2526: ports[1] ?? 0, 2600: sink.port };
  worker = await WorkerProcess.start({ policy: policyFixture("durability.yaml", substitution) });
}, 60_000);

afterAll(async () => {
  await worker?.remove();
  await sink?.down();
}, 60_000);

test("SIGTERM under load ends within 30 s, loses nothing that got a 250 and repeats nothing", async () => {
  const load = new SmtpLoad({
    ports,
    connections: 12,
    perConnection: 50,
    next: () => ({ id: account.nextId(), bytes: 3_000 }),
    onAccepted: (id) => account.accepted.add(id),
  });
  for (let round = 1; round <= 3; round++) {
    const before = account.accepted.size;
    await waitUntil("traffic", () => account.accepted.size > before + 200, 20_000);
    const exit = await worker.stop();
    expect(exit).toMatchObject({ code: 0, signal: null });
    expect(exit.tookMs).toBeLessThan(30_000);
    await worker.start();
  }
  load.stop();
  await waitUntil("the queue to empty", async () => (await readQueue(worker)).length === 0, 60_000);
  expect(account.lost).toEqual([]);
  expect(account.damaged).toBe(0);
  expect(account.repeated).toEqual({ sent: 0, unsent: 0, unread: 0 });
}, 180_000);
