import { afterAll, expect, test } from "vitest";
import { closeDatabase, database } from "#lib/db.ts";
import { pruneMessageFacts } from "#lib/replay/mutations.ts";
import { useTestDatabase } from "../../support/database.ts";

useTestDatabase();
afterAll(closeDatabase);

test("the facts of messages are deleted when they are older than the days that they are kept for", async () => {
  await database().$executeRaw`
    INSERT INTO "MessageFacts"
    SELECT 'event ' || n, '2026-01-20T00:00Z'::timestamptz - make_interval(hours => n), 'External', 'smtp', 'In', 'allow',
           NULL, 1, '{}'
    FROM generate_series(1, 6000) AS n`;
  expect(await pruneMessageFacts(new Date("2026-01-20T00:30Z"), 14)).toBe(6000 - 14 * 24 + 1);
  const { _count, _min } = await database().messageFacts.aggregate({ _count: true, _min: { at: true } });
  expect({ _count, _min }).toEqual({ _count: 14 * 24 - 1, _min: { at: new Date("2026-01-06T01:00Z") } });
  expect(await pruneMessageFacts(new Date("2026-01-20T00:30Z"), 14)).toBe(0);
});
