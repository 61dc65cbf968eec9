import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeDatabase, database } from "#lib/db.ts";
import { searchQueue } from "#lib/queue/queries.ts";
import { queueAges, queueSearchSchema } from "#lib/queue/search.ts";
import { summarizeQueue } from "#lib/queue/summary.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { queueEntry } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const now = new Date("2026-01-05T12:00:00.000Z");
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

beforeAll(() => enrol());

describe("the summary of the queue", () => {
  test("of an empty one has nothing", async () => {
    expect(await summarizeQueue(null, now)).toEqual({
      total: 0,
      bytes: 0,
      destinations: 0,
      routes: [],
      heat: [],
      groups: [],
    });
  });

  test("counts by destination and age, and by destination and cause with the oldest and those on hold", async () => {
    const upserts = [
      ...[1, 5, 14, 59, 60, 300, 2_000].map((minutes) =>
        queueEntry({ id: `A${minutes}`, receivedAt: minutesAgo(minutes), cause: "tls" }),
      ),
      queueEntry({ id: "B", receivedAt: minutesAgo(130), cause: "tls", state: "held" }),
      queueEntry({ id: "C", route: "world", destination: "example.org", receivedAt: minutesAgo(2), cause: null }),
    ];
    await reported({ queue: { reset: true, upserts, removals: [] } });
    const summary = await summarizeQueue(null, now);
    expect(summary).toMatchObject({ total: 9, bytes: 18_000, destinations: 2, routes: ["inside", "world"] });
    expect(summary.heat).toEqual([
      {
        route: "inside",
        destination: "inside",
        count: 8,
        ages: { "5m": 2, "15m": 1, "1h": 2, "4h": 1, "1d": 1, older: 1 },
      },
      {
        route: "world",
        destination: "example.org",
        count: 1,
        ages: { "5m": 1, "15m": 0, "1h": 0, "4h": 0, "1d": 0, older: 0 },
      },
    ]);
    const oldestAt = new Date(minutesAgo(2_000));
    expect(summary.groups).toEqual([
      { route: "inside", destination: "inside", cause: "tls", count: 8, held: 1, oldestAt },
    ]);
  });

  test("has in each cell what the list finds by that cell's age", async () => {
    const { heat } = await summarizeQueue(null, now);
    for (const { age } of queueAges) {
      const { matching } = await searchQueue(queueSearchSchema.parse({ destination: "inside", age }), now);
      expect([age, matching]).toEqual([age, heat[0]?.ages[age]]);
    }
  });

  test("shows the twenty destinations with most mail, and says how many there are", async () => {
    await database().$executeRaw`
      INSERT INTO "QueueEntry" ("workerId", id, "receivedAt", interface, policy, route, revision, sender, recipients, bytes, state, attempts, destination, cause)
      SELECT 'local', 'G' || n, ${now}::timestamptz - n * interval '1 second', 'External', 'Out', 'world', 1, 'a@example.org', ARRAY['b@example.net'], 2000,
             'deferred', 1, 'd' || n % 30 || '.test', CASE n % 3 WHEN 0 THEN 'tls' ELSE 'busy' END
      FROM generate_series(1, 3000) AS n`;
    const { heat, groups, destinations, total } = await summarizeQueue(null, now);
    expect([heat.length, groups.length, destinations, total]).toEqual([20, 12, 32, 3_009]);
  });
});
