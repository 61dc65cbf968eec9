import { afterAll, afterEach, expect, test } from "vitest";
import { GET } from "#app/api/health/route.ts";
import { closeDatabase } from "#lib/db.ts";
import { useTestDatabase } from "../support/database.ts";

const testDatabase = useTestDatabase();
afterEach(closeDatabase);
afterAll(closeDatabase);

test("200 while the database answers", async () => {
  const response = await GET();
  expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
});

test("503 when it does not", async () => {
  const url = new URL(testDatabase.url);
  url.port = "1";
  process.env["DATABASE_URL"] = url.href;
  const response = await GET();
  expect([response.status, await response.json()]).toEqual([503, { status: "database unavailable" }]);
});
