import { afterAll, beforeAll, expect, test } from "vitest";
import { GET } from "#app/api/lists/export/route.ts";
import { closeDatabase, transaction } from "#lib/db.ts";
import { addList } from "#lib/lists/mutations.ts";
import { useConsoleSettings } from "../support/console-settings.ts";
import { useTestDatabase } from "../support/database.ts";
import { mara } from "../support/draft.ts";
import { makeAdministrator, sessionCookieOf } from "../support/signed-in.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

let cookie = "";
let listId = "";
beforeAll(async () => {
  cookie = await sessionCookieOf(await makeAdministrator());
  const list = { name: "Büro, alle", kind: "addresses" as const, entries: ["@example.test", "bo@other.test"] };
  listId = await transaction((tx) => addList(tx, mara, list));
});

const exported = (list: string, headers: Record<string, string>) =>
  GET(new Request(`http://postern.test/api/lists/export?list=${list}`, { headers }));

test("a list is exported as CSV under its name, and no cell is a formula", async () => {
  const response = await exported(listId, { cookie });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-disposition")).toContain("filename*=UTF-8''B%C3%BCro%2C%20alle.csv");
  expect(await response.text()).toBe("entry\r\n'@example.test\r\nbo@other.test\r\n");
});

test("who is not signed in gets none", async () => {
  expect((await exported(listId, {})).status).toBe(401);
});

test("a list that is not there is said to be gone", async () => {
  expect((await exported("no-id", { cookie })).status).toBe(404);
});
