import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { auditHash, chainStart } from "#lib/audit/canonical.ts";
import { verifyChain } from "#lib/audit/chain.ts";
import { appendAudit } from "#lib/audit/mutations.ts";
import { auditChain } from "#lib/audit/queries.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { useTestDatabase } from "../../support/database.ts";

const testDatabase = useTestDatabase();
afterAll(closeDatabase);

const actor = { name: "Mara", address: "192.0.2.7" };

/** What somebody with the database's own password could do: the append-only trigger is off. */
async function tamper(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
  try {
    await client.query(`SET session_replication_role = replica; ${sql}`);
  } finally {
    await client.end();
  }
}

function append(summary: string, detail: unknown = null): Promise<void> {
  return transaction((tx) => appendAudit(tx, actor, { action: "rule.add", object: "rule a", summary, detail }));
}

beforeEach(async () => {
  await tamper('DELETE FROM "AuditEntry"');
});

describe("the audit chain", () => {
  test("an empty log is verified", async () => {
    expect(await verifyChain(database())).toEqual({ verified: 0, head: chainStart, fault: null });
  });

  test("each row carries the hash of the one before", async () => {
    await append("one");
    await append("two", { after: { name: "x" } });
    const rows = await database().auditEntry.findMany({ orderBy: { sequence: "asc" } });
    expect(rows.map(({ sequence }) => sequence)).toEqual([1n, 2n]);
    expect(rows[0]?.previousHash).toBe(chainStart);
    expect(rows[1]?.previousHash).toBe(rows[0]?.hash);
    expect(await verifyChain(database())).toEqual({ verified: 2, head: rows[1]?.hash, fault: null });
  });

  test("rows appended at the same time stand one after the other", async () => {
    await Promise.all(Array.from({ length: 12 }, (_, n) => append(`row ${n}`)));
    expect(await verifyChain(database())).toMatchObject({ verified: 12, fault: null });
  });

  test("a row of a transaction that fails is not there", async () => {
    const work = transaction(async (tx) => {
      await appendAudit(tx, actor, { action: "rule.add", object: "rule a", summary: "lost" });
      throw new Error("the mutation failed");
    });
    await expect(work).rejects.toThrow("the mutation failed");
    expect(await database().auditEntry.count()).toBe(0);
  });

  test("the database refuses to change or remove a row", async () => {
    await append("one");
    await expect(database().auditEntry.updateMany({ data: { actor: "Eve" } })).rejects.toThrow();
    await expect(database().auditEntry.deleteMany()).rejects.toThrow();
  });

  test.each([
    ["altered", `UPDATE "AuditEntry" SET "summary" = 'nothing' WHERE "sequence" = 3`, 3, "Row 3 was altered."],
    [
      "altered in its detail",
      `UPDATE "AuditEntry" SET "detail" = '{"n": 9}' WHERE "sequence" = 3`,
      3,
      "Row 3 was altered.",
    ],
    [
      "altered in its time",
      `UPDATE "AuditEntry" SET "at" = "at" - interval '1 ms' WHERE "sequence" = 3`,
      3,
      "Row 3 was altered.",
    ],
    ["removed", `DELETE FROM "AuditEntry" WHERE "sequence" = 3`, 3, "Row 3 is missing."],
    [
      "exchanged with another",
      `UPDATE "AuditEntry" SET "sequence" = -2 WHERE "sequence" = 2;
       UPDATE "AuditEntry" SET "sequence" = 2 WHERE "sequence" = 3;
       UPDATE "AuditEntry" SET "sequence" = 3 WHERE "sequence" = -2`,
      2,
      "Row 2 does not follow from the row before it.",
    ],
  ])("a row that was %s is found", async (_title, sql, sequence, reason) => {
    for (let n = 1; n <= 5; n++) await append(`row ${n}`, { n });
    await tamper(sql);
    expect(await verifyChain(database())).toMatchObject({ verified: sequence - 1, fault: { sequence, reason } });
  });

  test.each([
    ["the role", `"role" = 'viewer'`],
    ["the session", `"via" = 'session 00000000'`],
    ["both taken away", `"role" = NULL, "via" = NULL`],
  ])("a row whose role or session was altered is found: %s", async (_title, set) => {
    const acting = { ...actor, role: "editor", via: "session 1a2b3c4d" };
    await transaction((tx) => appendAudit(tx, acting, { action: "rule.add", object: "rule a", summary: "one" }));
    expect(await verifyChain(database())).toMatchObject({ verified: 1, fault: null });
    await tamper(`UPDATE "AuditEntry" SET ${set} WHERE "sequence" = 1`);
    expect(await verifyChain(database())).toMatchObject({ fault: { sequence: 1, reason: "Row 1 was altered." } });
  });

  test("a row without role and session is altered when it is given some", async () => {
    await append("one");
    await tamper(`UPDATE "AuditEntry" SET "role" = 'viewer' WHERE "sequence" = 1`);
    expect(await verifyChain(database())).toMatchObject({ fault: { sequence: 1 } });
  });

  test("a row keeps the hash that releases before roles gave it", () => {
    const row = {
      sequence: 7n,
      at: new Date("2026-01-05T10:00:00Z"),
      ...{ actor: "Mara", address: "192.0.2.7", action: "rule.add", object: "rule a", summary: "added" },
      detail: { a: 1 },
      previousHash: chainStart,
    };
    expect(auditHash({ ...row, role: null, via: null })).toBe(
      "21c23006c3dbd025b62f26ccf02278573b2d4f42c1d9ef414f9c74ac33cedf59",
    );
    expect(auditHash({ ...row, role: "editor", via: "session 1a2b3c4d" })).toBe(
      "724d98c04b8317d5636cd61dc4d764a7f755dcb5d3f70f85788758a3474ab48e",
    );
  });

  test("the page checks new rows at once and all rows again within a minute", async () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 0, 5, 10, 0, seconds));
    await append("one");
    expect(await auditChain(at(0))).toMatchObject({ verified: 1, fault: null });
    await append("two");
    await tamper(`UPDATE "AuditEntry" SET "summary" = 'nothing' WHERE "sequence" = 1`);
    expect(await auditChain(at(1))).toMatchObject({ verified: 2, fault: null });
    expect(await auditChain(at(60))).toMatchObject({ verified: 0, fault: { sequence: 1 } });
    expect(await auditChain(at(61))).toMatchObject({ fault: { sequence: 1 } });
  });

  test("any text and any detail verifies as it comes back from the database", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.jsonValue(), async (summary, detail) => {
        await append(summary, detail);
        expect((await verifyChain(database())).fault).toBeNull();
      }),
      { numRuns: 60 },
    );
  });
});
