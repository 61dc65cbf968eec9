import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useTestDatabase } from "../support/database.ts";

const database = useTestDatabase();
let client: pg.Client;

beforeAll(async () => {
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `INSERT INTO "AuditEntry" (sequence, at, actor, action, object, summary, "previousHash", hash)
     VALUES (1, now(), 'a@example.test', 'rule.add', 'rule x', 'added', '', 'h')`,
  );
});
afterAll(() => client.end());

describe("the audit table takes rows and never gives them up", () => {
  test.each([
    ["UPDATE", `UPDATE "AuditEntry" SET summary = 'x'`],
    ["DELETE", `DELETE FROM "AuditEntry"`],
    ["TRUNCATE", `TRUNCATE "AuditEntry"`],
  ])("%s is refused", async (verb, sql) => {
    await expect(client.query(sql)).rejects.toThrow(`the audit log is append-only: ${verb} refused`);
    const { rows } = await client.query(`SELECT summary FROM "AuditEntry"`);
    expect(rows).toEqual([{ summary: "added" }]);
  });
});
