import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { queueCommandIdsMax } from "#core/contract/control-api.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { runJobs } from "#lib/jobs/job-runner.ts";
import { cancelJob, nextBatch, settleBatch, startJob } from "#lib/queue/job-mutations.ts";
import { recentJobs } from "#lib/queue/queries.ts";
import { queueJobs } from "#lib/queue/run-jobs.ts";
import { filterOf, queueSearchSchema } from "#lib/queue/search.ts";
import { queueJobSchema } from "#lib/queue/selection.ts";
import { CommandReceiver } from "../../support/command-receiver.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { enrol } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();

const mara = { name: "Mara", address: "192.0.2.7" };
const now = new Date("2026-01-05T12:00:00.000Z");
let receiver: CommandReceiver;

beforeAll(async () => {
  receiver = await CommandReceiver.listen();
  await enrol("local", receiver.url);
});

beforeEach(async () => {
  await database().queueEntry.deleteMany();
  await database().queueJob.deleteMany();
  receiver.asked.length = 0;
  receiver.refusals.clear();
});

afterEach(() => {
  receiver.onAsked = async () => {};
});

afterAll(async () => {
  await receiver.close();
  await closeDatabase();
});

/** Messages received at full seconds before `now`, the first last; every other one for route "world". */
async function queued(count: number): Promise<void> {
  await database().$executeRaw`
    INSERT INTO "QueueEntry" ("workerId", id, "receivedAt", interface, policy, route, revision, sender, recipients, bytes, state, attempts, destination, cause)
    SELECT 'local', 'M' || n, ${now}::timestamptz - n / 5 * interval '1 second', 'External', 'Out',
           CASE n % 2 WHEN 0 THEN 'world' ELSE 'inside' END, 1, 'a@example.org', ARRAY['b@example.net'], 2000, 'deferred', 1, 'inside', 'tls'
    FROM generate_series(1, ${count}::int) AS n`;
}

function start(asked: Record<string, string> = {}): Promise<string> {
  const filter = filterOf(queueSearchSchema.parse(asked));
  return transaction((tx) => startJob(tx, { command: "hold", filter }, mara, now));
}

function job(id: string) {
  return database().queueJob.findUniqueOrThrow({ where: { id } });
}

function idsAsked(): string[] {
  return receiver.asked.flatMap(({ ids }) => ids);
}

describe("a command on everything that a search finds", () => {
  test("asks for each message once, in batches, and tells how far it is", async () => {
    await queued(5_000);
    const id = await start({ route: "world" });
    const progress: number[] = [];
    receiver.onAsked = async () => {
      const [shown] = await recentJobs(now);
      progress.push(shown?.done ?? -1);
    };
    await runJobs(queueJobs);
    expect(receiver.asked.map(({ ids }) => ids.length)).toEqual([queueCommandIdsMax, queueCommandIdsMax, 500]);
    expect(new Set(idsAsked()).size).toBe(2_500);
    expect(progress).toEqual([0, 1_000, 2_000]);
    expect(await job(id)).toMatchObject({ total: 2_500, done: 2_500, failed: 0 });
    expect((await job(id)).finishedAt).not.toBeNull();
  });

  test("holds 100,000 messages", { timeout: 120_000 }, async () => {
    await queued(100_000);
    const id = await start();
    await runJobs(queueJobs);
    expect(new Set(idsAsked()).size).toBe(100_000);
    expect(await job(id)).toMatchObject({ done: 100_000, failed: 0 });
  });

  test("goes on after a restart where it was, and asks again for what was not written down", async () => {
    await queued(3_000);
    const id = await start();
    const first = await transaction((tx) => nextBatch(tx, id));
    if (first === null) throw new Error("there is no batch");
    await transaction((tx) =>
      settleBatch(
        tx,
        id,
        first,
        first.entries.map((ref) => ({ ...ref, done: true, reason: null })),
      ),
    );
    await transaction((tx) => nextBatch(tx, id));
    await runJobs(queueJobs);
    expect(idsAsked()).toHaveLength(2_000);
    expect(await job(id)).toMatchObject({ done: 3_000, failed: 0 });
  });

  test("leaves what came after it was asked for", async () => {
    await queued(5);
    const id = await start();
    await database().queueEntry.update({
      where: { workerId_id: { workerId: "local", id: "M1" } },
      data: { receivedAt: new Date(now.getTime() + 1_000) },
    });
    await runJobs(queueJobs);
    expect(idsAsked()).not.toContain("M1");
    expect(await job(id)).toMatchObject({ total: 4, done: 4 });
  });

  test("is ended by a person: no more is asked, and what was done stays counted", async () => {
    await queued(3_000);
    const id = await start();
    receiver.onAsked = () => transaction((tx) => cancelJob(tx, { jobId: id }, mara));
    await runJobs(queueJobs);
    expect(idsAsked()).toHaveLength(1_000);
    expect(await job(id)).toMatchObject({ total: 3_000, done: 1_000 });
    await expect(transaction((tx) => cancelJob(tx, { jobId: id }, mara))).rejects.toThrow(
      "Nothing was ended: this job is over.",
    );
  });

  test("is in the audit log when it begins and when it is over, with what was refused", async () => {
    await queued(10);
    receiver.refusals.set("M3", "it is being delivered");
    const id = await start();
    await runJobs(queueJobs);
    const rows = await database().auditEntry.findMany({ orderBy: { sequence: "desc" }, take: 2 });
    expect(rows.map(({ action }) => action)).toEqual(["queue.job", "queue.hold"]);
    expect(rows[0]?.detail).toMatchObject({ job: id, done: 9, failed: 1, reasons: ["M3: it is being delivered"] });
    expect(rows[1]).toMatchObject({ actor: "Mara", object: "10 messages", detail: { filter: { route: null } } });
  });

  test("is refused when nothing is found, or when a reroute does not say where", async () => {
    await expect(start()).rejects.toThrow("Nothing was done: this search finds nothing any more.");
    const filter = filterOf(queueSearchSchema.parse({}));
    expect(queueJobSchema.safeParse({ command: "reroute", filter }).success).toBe(false);
    expect(queueJobSchema.safeParse({ command: "reroute", route: "world", filter }).success).toBe(true);
    expect(queueJobSchema.safeParse({ command: "hold", filter: { route: null } }).success).toBe(false);
  });
});
