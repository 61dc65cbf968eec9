import { afterAll, beforeAll, expect, test } from "vitest";
import { FlappingSink } from "../support/flapping-sink.ts";
import { freePort } from "../support/free-port.ts";
import { policyFixture } from "../support/policy-fixture.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { SmtpLoad, type SmtpLoadOptions } from "../support/smtp-load.ts";
import { waitUntil } from "../support/wait-until.ts";
import { readQueue } from "../support/worker-control.ts";
import { WorkerProcess } from "../support/worker-process.ts";
import { MessageAccount } from "./message-account.ts";

/** `POSTERN_KILLS=300` for a long run, of some 20,000 messages in the second test; `POSTERN_SEED` repeats the random choices of an earlier one. */
const kills = Number(process.env["POSTERN_KILLS"] ?? 40);
const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000_000);
const longestLifeMs = 400;
/** Where senders pause, so that a life is long enough for what is delivered in it. */
const longestPacedLifeMs = 1_000;
const longestPauseMs = 100;
const longestStartMs = 600;
const connections = 8;

const random = seededRandom(seed);
let account = new MessageAccount("none");
let sink: FlappingSink;
let worker: WorkerProcess;
let every: Pick<SmtpLoadOptions, "ports" | "connections" | "perConnection">;

beforeAll(async () => {
  const ports = [await freePort(), await freePort()];
  every = { ports, connections, perConnection: 20 };
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

/** Kills the worker again and again, each time at some moment of its life; then lets the queue empty. */
async function killOften(lifeMsMax: number, before: () => Promise<void>): Promise<void> {
  for (let n = 0; n < kills; n++) {
    await before();
    await pause(random() * lifeMsMax);
    await worker.killNine();
    if (random() < 0.3) await killWhileStarting();
    await worker.start();
  }
}

async function settled(account: MessageAccount, what: string): Promise<void> {
  await sink.up();
  await waitUntil("the queue to empty", async () => (await readQueue(worker)).length === 0, 90_000);
  const { accepted, lost, duplicates, damaged } = account;
  process.stderr.write(
    `kill -9, ${what}: ${kills} kills, accepted ${accepted.size}, lost ${lost.length}, duplicates ${duplicates}, POSTERN_SEED=${seed}\n`,
  );
  expect(accepted.size).toBeGreaterThan(kills);
  expect(lost).toEqual([]);
  expect(damaged).toBe(0);
}

const nextOf = (account: MessageAccount) => () => ({
  id: account.nextId(),
  bytes: random() < 0.05 ? 300_000 : Math.floor(random() * 8_000),
});

test(
  `no message that got a 250 is lost over ${kills} kills with -9 while the upstream comes and goes and senders never pause`,
  async () => {
    account = new MessageAccount("hard");
    const { accepted } = account;
    const load = new SmtpLoad({ ...every, next: nextOf(account), onAccepted: (id) => accepted.add(id) });
    try {
      await killOften(longestLifeMs, async () => {
        if (random() < 0.5) await (sink.isUp ? sink.down() : sink.up());
      });
    } finally {
      load.stop();
    }
    await settled(account, "the upstream comes and goes");
    // What the upstream took and could not answer before it went, and what it answered and we had not read, is sent again (RFC 5321 §4.5.4.1).
    expect(account.duplicates).toBeLessThanOrEqual(kills * 2 * inFlightMax);
  },
  120_000 + kills * (6_000 + longestLifeMs),
);

test(
  `of messages that come as they do at a busy gateway, at most one in 1,000 arrives twice over ${kills} kills with -9, and none is lost`,
  async () => {
    account = new MessageAccount("paced");
    const { accepted } = account;
    await sink.up();
    const paused = { next: nextOf(account), pause: () => random() * longestPauseMs };
    const load = new SmtpLoad({ ...every, ...paused, onAccepted: (id) => accepted.add(id) });
    try {
      await killOften(longestPacedLifeMs, async () => {});
    } finally {
      load.stop();
    }
    await settled(account, "senders pause");
    // A kill between the upstream's answer and our note of it. A short run has a few more by chance.
    expect(account.duplicates).toBeLessThanOrEqual(accepted.size / 1_000 + chance);
  },
  120_000 + kills * (6_000 + longestPacedLifeMs),
);

/** Deliveries under way at once (of two routes), and inline messages of the senders. */
const inFlightMax = 2 * 20 + connections;
const chance = 3;
