import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { QuarantineEntry } from "#core/contract/quarantine.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { readEntry, searchQuarantine, waitingApprovals } from "#lib/quarantine/queries.ts";
import { quarantineFilterSchema, quarantineSearchSchema } from "#lib/quarantine/search.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { quarantineEntry } from "../../support/report-samples.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const spam = quarantineEntry({
  id: "SPAM",
  keptAt: "2026-01-05T11:00:00.000Z",
  subject: "100% off_",
  sha256: "ab".repeat(32),
});
const macro = quarantineEntry({
  id: "MACRO-2",
  messageId: "MACRO",
  kind: "part",
  cause: "attachment",
  fileName: "invoice.docm",
  recipients: ["carol@example.test"],
  keptAt: "2026-01-05T10:00:00.000Z",
});
const held = quarantineEntry({
  id: "HELD",
  cause: "approval",
  sender: "boss@example.org",
  keptAt: "2026-01-05T09:00:00.000Z",
});
const fetched = quarantineEntry({
  id: "POP",
  protocol: "pop3",
  sender: null,
  from: "Eve <eve@example.org>",
  recipients: [],
  user: "dave",
  state: "released",
  interface: "Trusted",
  ruleName: "links",
  keptAt: "2026-01-05T08:00:00.000Z",
});

beforeAll(async () => {
  await enrol();
  await reported({ quarantine: { reset: true, upserts: [spam, macro, held, fetched], removals: [] } });
});

async function found(query: Record<string, string>): Promise<string[]> {
  return (await searchQuarantine(quarantineSearchSchema.parse(query))).rows.map(({ id }) => id);
}

describe("the quarantine", () => {
  test("is listed newest first, with how many match and how many there are", async () => {
    const page = await searchQuarantine(quarantineSearchSchema.parse({ state: "held" }));
    expect(page.rows.map(({ id }) => id)).toEqual(["SPAM", "MACRO-2", "HELD"]);
    expect(page).toMatchObject({ matching: 3, total: 4, next: null });
    expect(await found({})).toEqual(["SPAM", "MACRO-2", "HELD", "POP"]);
  });

  test.each<[Record<string, string>, string[]]>([
    [{ cause: "attachment" }, ["MACRO-2"]],
    [{ state: "released" }, ["POP"]],
    [{ rule: "LINK" }, ["POP"]],
    [{ rule: "5b2f9d3e-8f43-4a53-9d6d-0a4f4cf3d001" }, ["SPAM", "MACRO-2", "HELD", "POP"]],
    [{ sender: "Boss@" }, ["HELD"]],
    [{ sender: "eve@example.org" }, ["POP"]],
    [{ recipient: "CAROL" }, ["MACRO-2"]],
    [{ recipient: "dave" }, ["POP"]],
    [{ subject: "100% off_" }, ["SPAM"]],
    [{ subject: "100_" }, []],
    [{ file: "docm" }, ["MACRO-2"]],
    [{ digest: "ABAB" }, ["SPAM"]],
    [{ digest: "%" }, []],
    [{ interface: "Trusted" }, ["POP"]],
    [{ text: "macro" }, ["MACRO-2"]],
    [{ cause: "attachment", recipient: "nobody" }, []],
    [{ cause: "bogus", after: "x", entry: "../x" }, ["SPAM", "MACRO-2", "HELD", "POP"]],
  ])("%j finds %j", async (query, ids) => {
    expect(await found(query)).toEqual(ids);
  });

  test("a filter that a command is given must be understood whole", () => {
    const nothing = { text: null, rule: null, sender: null, recipient: null, subject: null, file: null, digest: null };
    const filter = { ...nothing, cause: "spam", state: null, interface: null };
    expect(quarantineFilterSchema.safeParse(filter).success).toBe(true);
    for (const wrong of [{ cause: "bogus" }, { text: "" }, { rule: undefined }, { other: "x" }])
      expect(quarantineFilterSchema.safeParse({ ...filter, ...wrong }).success).toBe(false);
  });

  test("counts what waits for an approval", async () => {
    expect(await waitingApprovals()).toBe(1);
  });

  test("is paged without losing or repeating an entry of the same instant", async () => {
    const many = Array.from({ length: 230 }, (_, n) => quarantineEntry({ id: `MANY${n}`, ruleName: "many" }));
    await reported({ quarantine: { reset: false, upserts: many, removals: [] } });
    const seen = new Set<string>();
    let after: string | null = null;
    do {
      const page = await searchQuarantine(
        quarantineSearchSchema.parse({ rule: "many", ...(after !== null && { after }) }),
      );
      for (const { id } of page.rows) seen.add(id);
      after = page.next;
    } while (after !== null);
    expect(seen.size).toBe(230);
  });
});

describe("a report", () => {
  const of = (over: Partial<QuarantineEntry>) => quarantineEntry({ id: "CHANGING", ...over });

  test("adds, changes and removes entries, and the last word about one counts", async () => {
    const upserts = [of({}), of({ state: "released", releasedTo: ["b@example.test"] })];
    await reported({ quarantine: { reset: false, upserts, removals: [] } });
    expect(await readEntry("CHANGING")).toMatchObject({ state: "released", releasedTo: ["b@example.test"] });
    await reported({ quarantine: { reset: false, upserts: [], removals: ["CHANGING"] } });
    expect(await readEntry("CHANGING")).toBeNull();
  });

  test("that begins a snapshot forgets what this worker kept before, and nothing of another", async () => {
    await enrol("second");
    await reported({ quarantine: { reset: true, upserts: [of({ id: "OTHER" })], removals: [] } }, new Date(), "second");
    await reported({ quarantine: { reset: true, upserts: [of({})], removals: [] } });
    expect((await database().quarantineEntry.findMany()).map(({ id }) => id).toSorted()).toEqual(["CHANGING", "OTHER"]);
  });

  test("with text that Postgres does not take is applied all the same", async () => {
    await reported({ quarantine: { reset: false, upserts: [of({ subject: "a\0b\ud800c" })], removals: [] } });
    expect((await readEntry("CHANGING"))?.id).toBe("CHANGING");
  });
});
