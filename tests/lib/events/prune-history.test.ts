import { afterAll, expect, test } from "vitest";
import { closeDatabase, database } from "#lib/db.ts";
import { pruneHistory } from "#lib/events/prune-history.ts";
import { useTestDatabase } from "../../support/database.ts";

useTestDatabase();
afterAll(closeDatabase);

const now = new Date("2026-03-01T00:30Z");

test("events and traffic are deleted when they are older than the days of history, however many there are", async () => {
  await database().$executeRaw`
    INSERT INTO "MailEvent" ("id", "workerId", "at", "kind", "detail")
    SELECT 'event ' || n, 'worker', '2026-03-01T00:00Z'::timestamptz - make_interval(hours => n), 'message', '{}'
    FROM generate_series(1, 6000) AS n`;
  await database().$executeRaw`
    INSERT INTO "TrafficMinute" ("minute", "workerId", "interface", "protocol", "verdict", "messages", "bytes")
    SELECT '2026-03-01T00:00Z'::timestamptz - make_interval(hours => n), 'worker', 'External', 'smtp', 'allow', 1, 1
    FROM generate_series(1, 300) AS n`;
  expect(await pruneHistory(now, 10)).toBe(6000 - 10 * 24 + 1 + 300 - 10 * 24 + 1);
  const oldest = new Date("2026-02-19T01:00Z");
  const { _count, _min } = await database().mailEvent.aggregate({ _count: true, _min: { at: true } });
  expect({ _count, _min }).toEqual({ _count: 239, _min: { at: oldest } });
  expect(await database().trafficMinute.aggregate({ _count: true, _min: { minute: true } })).toEqual({
    _count: 239,
    _min: { minute: oldest },
  });
  expect(await pruneHistory(now, 10)).toBe(0);
});

test("hits of rules are deleted when they are older, but for the last of each rule: when it last matched stays known", async () => {
  await database().$executeRaw`
    INSERT INTO "RuleHit" ("ruleId", "hour", "enforced", "observed", "lastAt")
    SELECT 'rule ' || rule, at, 1, 0, at
    FROM generate_series(1, 300) AS rule, generate_series(1, 20) AS n,
      LATERAL (SELECT '2026-03-01T00:00Z'::timestamptz - make_interval(days => n + (rule % 2) * 100) AS at) AS time`;
  expect(await pruneHistory(now, 10)).toBe(150 * 11 + 150 * 19);
  const kept = await database().ruleHit.groupBy({ by: ["ruleId"], _count: true, orderBy: { ruleId: "asc" } });
  expect(kept.slice(0, 2)).toEqual([
    { ruleId: "rule 1", _count: 1 },
    { ruleId: "rule 10", _count: 9 },
  ]);
  expect(await pruneHistory(now, 10)).toBe(0);
});
