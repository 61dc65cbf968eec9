import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeDatabase } from "#lib/db.ts";
import { searchQueue } from "#lib/queue/queries.ts";
import { type QueueSort, queueSearchSchema, queueSorts } from "#lib/queue/search.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { queueEntry } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const now = new Date("2026-01-05T11:04:00.000Z");
const entries = [
  queueEntry({
    id: "NEW",
    receivedAt: "2026-01-05T11:00:00.000Z",
    state: "ready",
    subject: "Fresh",
    bytes: 9,
    attempts: 0,
  }),
  queueEntry({
    id: "OLD",
    receivedAt: "2026-01-05T09:00:00.000Z",
    state: "held",
    recipients: ["x@a.test", "y@b.test"],
    nextAttemptAt: null,
    attempts: 3,
    cause: "tls",
  }),
  queueEntry({
    id: "MID",
    route: "outside",
    destination: "example.net",
    interface: "Internal",
    sender: "",
    lastReply: "451 4.7.1 greylisted",
    cause: "greylisted",
    bytes: 70_000,
  }),
];

beforeAll(async () => {
  await enrol();
  await reported({ queue: { reset: true, upserts: entries, removals: [] } });
});

async function found(query: Record<string, string>): Promise<string[]> {
  return (await searchQueue(queueSearchSchema.parse(query), now)).rows.map(({ id }) => id);
}

describe("the queue", () => {
  test("is listed oldest first, with how many match", async () => {
    const page = await searchQueue(queueSearchSchema.parse({ route: "inside" }), now);
    expect(page.rows.map(({ id }) => id)).toEqual(["OLD", "NEW"]);
    expect(page).toMatchObject({ matching: 2, next: null });
  });

  test("is filtered by state and by text in sender, recipients, subject, id and last reply", async () => {
    expect(await found({ state: "held" })).toEqual(["OLD"]);
    expect(await found({ text: "Y@B.test" })).toEqual(["OLD"]);
    expect(await found({ text: "fresh" })).toEqual(["NEW"]);
    expect(await found({ text: "greylisted" })).toEqual(["MID"]);
    expect(await found({ text: "mid" })).toEqual(["MID"]);
  });

  test("is filtered by destination, cause, interface and how old a message is", async () => {
    expect(await found({ destination: "example.net" })).toEqual(["MID"]);
    expect(await found({ cause: "tls" })).toEqual(["OLD"]);
    expect(await found({ interface: "Internal" })).toEqual(["MID"]);
    expect(await found({ age: "5m" })).toEqual(["NEW"]);
    expect(await found({ age: "4h" })).toEqual(["OLD", "MID"]);
    expect(await found({ age: "older" })).toEqual([]);
  });

  test("is sorted by age, next attempt, size and attempts; what has no next attempt is last", async () => {
    const sorted = Object.fromEntries(await Promise.all(queueSorts.map(async (sort) => [sort, await found({ sort })])));
    expect(sorted).toEqual({
      oldest: ["OLD", "MID", "NEW"],
      newest: ["NEW", "MID", "OLD"],
      next: ["MID", "NEW", "OLD"],
      largest: ["MID", "OLD", "NEW"],
      attempts: ["OLD", "MID", "NEW"],
    } satisfies Record<QueueSort, string[]>);
  });

  test("follows the last word of the worker about cause and destination", async () => {
    const [, , mid] = entries;
    const changed = queueEntry({ ...mid, destination: "example.com", cause: "mailbox-full" });
    await reported({ queue: { reset: false, upserts: [changed], removals: [] } });
    expect(await found({ destination: "example.com", cause: "mailbox-full" })).toEqual(["MID"]);
  });

  test("loses an entry as soon as the worker reports that it left", async () => {
    await reported({ queue: { reset: false, upserts: [], removals: ["MID"] } });
    expect(await found({})).toEqual(["OLD", "NEW"]);
  });

  test.each(queueSorts)("is paged without losing or repeating an entry of the same instant, %s", async (sort) => {
    const many = Array.from({ length: 230 }, (_, n) =>
      queueEntry({ id: `MANY${n}`, route: "many", bytes: n % 3, attempts: n % 3, nextAttemptAt: null }),
    );
    await reported({ queue: { reset: true, upserts: many, removals: [] } });
    const seen = new Set<string>();
    let after: string | null = null;
    let pages = 0;
    do {
      const page = await searchQueue(
        queueSearchSchema.parse({ route: "many", sort, ...(after !== null && { after }) }),
        now,
      );
      for (const { id } of page.rows) seen.add(id);
      after = page.next;
      pages += 1;
    } while (after !== null);
    expect([seen.size, pages]).toEqual([230, 3]);
  });
});
