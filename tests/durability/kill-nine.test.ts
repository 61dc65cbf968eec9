import { afterAll, beforeAll, expect, test } from "vitest";
import { FlappingSink } from "../support/flapping-sink.ts";
import { freePort } from "../support/free-port.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { SmtpLoad } from "../support/smtp-load.ts";
import { waitUntil } from "../support/wait-until.ts";
import { readQueue } from "../support/worker-control.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import { MessageAccount } from "./message-account.ts";

/**
 * `POSTERN_KILLS=300 POSTERN_LIFE_MS=2500` for a long run of some 20,000 accepted messages; `POSTERN_SEED` repeats the random choices of an
 * earlier one.
 */
const kills = Number(process.env["POSTERN_KILLS"] ?? 50);
const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000_000);
const longestLifeMs = Number(process.env["POSTERN_LIFE_MS"] ?? 400);
const longestStartMs = 600;
const connections = 8;

const random = seededRandom(seed);
const account = new MessageAccount();
let sink: FlappingSink;
let worker: WorkerProcess;
let ports: number[];

beforeAll(async () => {
  ports = [await freePort(), await freePort()];
  sink = new FlappingSink(await freePort(), (message) => account.arrive(message));
  const substitution = { 2525: ports[0] ?? 0, 2526: ports[1] ?? 0, 2600: sink.port };
  worker = await WorkerProcess.start({ policy: policyFixture("durability.yaml", substitution) });
  // Fills the cache of parsed modules, which makes the many starts short.
  await worker.stop();
  await worker.start();
}, 60_000);

afterAll(async () => {
  await worker?.remove();
  await sink?.down();
}, 60_000);

/** Recovery must survive a kill as well. */
async function killWhileStarting(): Promise<void> {
  worker.launch();
  await pause(random() * longestStartMs);
  await worker.killNine();
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test(
  `no message that got a 250 is lost over ${kills} kills with -9 while the upstream comes and goes`,
  async () => {
    process.stderr.write(`kill -9: ${kills} kills, POSTERN_SEED=${seed}\n`);
    const load = new SmtpLoad({
      ports,
      connections,
      perConnection: 20,
      next: () => ({ id: account.nextId(), bytes: random() < 0.05 ? 300_000 : Math.floor(random() * 8_000) }),
      onAccepted: (id) => account.accepted.add(id),
    });
    try {
      for (let n = 0; n < kills; n++) {
        if (random() < 0.5) await (sink.isUp ? sink.down() : sink.up());
        await pause(random() * longestLifeMs);
        await worker.killNine();
        if (random() < 0.3) await killWhileStarting();
        await worker.start();
      }
    } finally {
      load.stop();
    }
    await sink.up();
    await waitUntil("the queue to empty", async () => (await readQueue(worker)).length === 0, 90_000);
    const { accepted, lost, duplicates, damaged } = account;
    process.stderr.write(`kill -9: accepted ${accepted.size}, lost ${lost.length}, duplicates ${duplicates}\n`);
    expect(accepted.size).toBeGreaterThan(kills);
    expect(lost).toEqual([]);
    expect(damaged).toBe(0);
    // A kill between the upstream's 250 and our note of it repeats that message: at most what is in flight, at each kill and each cut.
    expect(duplicates).toBeLessThanOrEqual(kills * 2 * inFlightMax);
  },
  120_000 + kills * (6_000 + longestLifeMs),
);

/** Deliveries under way at once (of two routes), and inline messages of the senders. */
const inFlightMax = 2 * 10 + connections;
