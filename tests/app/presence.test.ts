import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET, POST } from "#app/api/presence/route.ts";
import { closeDatabase } from "#lib/db.ts";
import { useConsoleSettings } from "../support/console-settings.ts";
import { useTestDatabase } from "../support/database.ts";
import { makeAdministrator, makePerson, sessionCookieOf } from "../support/signed-in.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

let mara: string;
let pia: string;
beforeAll(async () => {
  mara = await sessionCookieOf(await makeAdministrator());
  pia = await sessionCookieOf(await makePerson("Pia", "editor"));
});

const told = { tab: "a".repeat(32), object: "route 1", open: true };

function post(body: string, headers: Record<string, string>): Promise<Response> {
  const length = { "content-length": String(Buffer.byteLength(body)) };
  return POST(
    new Request("http://127.0.0.1:3000/api/presence", { method: "POST", body, headers: { ...length, ...headers } }),
  );
}

describe("POST /api/presence", () => {
  test("401 without a session", async () => {
    expect((await post(JSON.stringify(told), {})).status).toBe(401);
  });

  test("200: who else has the object open, by name", async () => {
    expect(await (await post(JSON.stringify(told), { cookie: mara })).json()).toEqual({ others: [] });
    const answer = await post(JSON.stringify({ ...told, tab: "b".repeat(32) }), { cookie: pia });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ others: [{ name: "Mara" }] });
  });

  test("403 for who may not edit: the editor that they look into is nobody's concern", async () => {
    const cookie = await sessionCookieOf(await makePerson("Vera", "viewer"));
    expect((await post(JSON.stringify(told), { cookie })).status).toBe(403);
  });

  test("413 for more than an editor says, or when it does not say how much", async () => {
    const long = JSON.stringify({ ...told, object: "x".repeat(2_000) });
    expect((await post(long, { cookie: mara })).status).toBe(413);
    expect((await post("{}", { cookie: mara, "content-length": "" })).status).toBe(413);
  });

  test("422 for anything else", async () => {
    for (const body of ["{", "{}", JSON.stringify({ ...told, tab: "x" })])
      expect((await post(body, { cookie: mara })).status).toBe(422);
  });
});

test("GET /api/presence tells what others have open, to who is signed in", async () => {
  const get = (headers: Record<string, string>) => GET(new Request("http://127.0.0.1:3000/api/presence", { headers }));
  expect((await get({})).status).toBe(401);
  await post(JSON.stringify(told), { cookie: mara });
  const answer = await get({ cookie: pia });
  expect(await answer.json()).toEqual({ open: [{ object: "route 1", name: "Mara" }] });
});
