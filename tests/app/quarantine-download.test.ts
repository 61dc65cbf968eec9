import { afterAll, beforeAll, expect, test } from "vitest";
import { GET } from "#app/(console)/quarantine/download/route.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { useConsoleSettings } from "../support/console-settings.ts";
import { useTestDatabase } from "../support/database.ts";
import { KeptWorker } from "../support/kept-worker.ts";
import { makeAdministrator, sessionCookieOf } from "../support/signed-in.ts";

useTestDatabase();
useConsoleSettings();

let worker: KeptWorker;
let cookie: string;
let id: string;

beforeAll(async () => {
  worker = await KeptWorker.start();
  cookie = await sessionCookieOf(await makeAdministrator());
  ({ id } = await worker.keep("Subject: x\r\n\r\n<script>alert(1)</script> http://evil.test\r\n"));
});
afterAll(async () => {
  await worker.close();
  await closeDatabase();
});

function ask(query: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  const search = new URLSearchParams(query).toString();
  return GET(new Request(`http://console.test/quarantine/download?${search}`, { headers }));
}

const looks = () => database().auditEntry.count({ where: { action: "quarantine.download" } });

test("200: a file of ours that no browser shows, in the audit log before it begins", async () => {
  const response = await ask({ worker: "local", id }, { cookie });
  expect(response.status).toBe(200);
  expect(await looks()).toBe(1);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename="postern-quarantine-${id}.eml"`,
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "no-store",
  });
  const text = await response.text();
  expect(text).toContain("> <script>alert(1)</script> hxxp://evil.test\r\n");
  expect(text).toContain(`X-Postern-Quarantine-Id: ${id}\r\n`);
});

test("401 without a session, 403 from another site: nothing is written down", async () => {
  const before = await looks();
  expect((await ask({ worker: "local", id })).status).toBe(401);
  expect((await ask({ worker: "local", id }, { cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect(await looks()).toBe(before);
});

test("400 without the worker or the entry, 404 for what is not there or another worker's", async () => {
  expect((await ask({ worker: "local" }, { cookie })).status).toBe(400);
  expect((await ask({ id }, { cookie })).status).toBe(400);
  expect((await ask({ worker: "local", id: "../key" }, { cookie })).status).toBe(404);
  expect((await ask({ worker: "other", id }, { cookie })).status).toBe(404);
});

test("503 when the worker cannot be reached", async () => {
  await database().worker.update({ where: { id: "local" }, data: { controlUrl: "http://127.0.0.1:9" } });
  expect((await ask({ worker: "local", id }, { cookie })).status).toBe(503);
});
