import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeDatabase } from "#lib/db.ts";
import { searchQueue } from "#lib/queue/queries.ts";
import { queueSearchSchema } from "#lib/queue/search.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { queueEntry } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const entries = [
  queueEntry({ id: "NEW", receivedAt: "2026-01-05T11:00:00.000Z", state: "ready", subject: "Fresh" }),
  queueEntry({
    id: "OLD",
    receivedAt: "2026-01-05T09:00:00.000Z",
    state: "held",
    recipients: ["x@a.test", "y@b.test"],
  }),
  queueEntry({ id: "MID", route: "outside", sender: "", lastReply: "451 4.7.1 greylisted" }),
];

beforeAll(async () => {
  await enrol();
  await reported({ queue: { reset: true, upserts: entries, removals: [] } });
});

async function found(query: Record<string, string>): Promise<string[]> {
  return (await searchQueue(queueSearchSchema.parse(query))).rows.map(({ id }) => id);
}

describe("the queue", () => {
  test("is listed oldest first, with how many match, how many there are and their routes", async () => {
    const page = await searchQueue(queueSearchSchema.parse({ route: "inside" }));
    expect(page.rows.map(({ id }) => id)).toEqual(["OLD", "NEW"]);
    expect(page).toMatchObject({ matching: 2, total: 3, routes: ["inside", "outside"], next: null });
  });

  test("is filtered by state and by text in sender, recipients, subject, id and last reply", async () => {
    expect(await found({ state: "held" })).toEqual(["OLD"]);
    expect(await found({ text: "Y@B.test" })).toEqual(["OLD"]);
    expect(await found({ text: "fresh" })).toEqual(["NEW"]);
    expect(await found({ text: "greylisted" })).toEqual(["MID"]);
    expect(await found({ text: "mid" })).toEqual(["MID"]);
  });

  test("loses an entry as soon as the worker reports that it left", async () => {
    await reported({ queue: { reset: false, upserts: [], removals: ["MID"] } });
    expect(await found({})).toEqual(["OLD", "NEW"]);
  });

  test("is paged without losing or repeating an entry of the same instant", async () => {
    const many = Array.from({ length: 230 }, (_, n) => queueEntry({ id: `MANY${n}`, route: "many" }));
    await reported({ queue: { reset: true, upserts: many, removals: [] } });
    const seen = new Set<string>();
    let after: string | null = null;
    let pages = 0;
    do {
      const page = await searchQueue(queueSearchSchema.parse({ route: "many", ...(after !== null && { after }) }));
      for (const { id } of page.rows) seen.add(id);
      after = page.next;
      pages += 1;
    } while (after !== null);
    expect([seen.size, pages]).toEqual([230, 3]);
  });
});
