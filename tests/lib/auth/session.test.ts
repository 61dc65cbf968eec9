import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { endSession, renewSession } from "#lib/auth/mutations.ts";
import { sessionOfRequest } from "#lib/auth/read-session.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { makeAdministrator, sessionCookieOf } from "../../support/signed-in.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

let user: Awaited<ReturnType<typeof makeAdministrator>>;
beforeEach(async () => {
  await database().user.deleteMany();
  user = await makeAdministrator();
});

function requestWith(cookie: string): Request {
  return new Request("http://127.0.0.1:3000/api/stream", { headers: { cookie } });
}

describe("a session", () => {
  test("is read from the cookie", async () => {
    const session = await sessionOfRequest(requestWith(`theme=dark; ${await sessionCookieOf(user)}`));
    expect(session).toMatchObject({ userId: user.id, name: "Mara", email: "mara@example.org" });
  });

  test("is none without a cookie, with a forged one and with an Authorization header", async () => {
    expect(await sessionOfRequest(requestWith("a=b"))).toBeNull();
    expect(await sessionOfRequest(requestWith("postern.session=eyJhbGciOiJkaXIifQ..x.y.z"))).toBeNull();
    const [, token = ""] = (await sessionCookieOf(user)).split("=");
    const bearer = new Request("http://127.0.0.1:3000/", { headers: { authorization: `Bearer ${token}` } });
    expect(await sessionOfRequest(bearer)).toBeNull();
  });

  test("ends on the server at sign-out: a copy of its cookie is worth nothing", async () => {
    const cookie = await sessionCookieOf(user);
    const session = (await sessionOfRequest(requestWith(cookie))) ?? expect.fail("no session");
    await endSession(session, null);
    expect(await sessionOfRequest(requestWith(cookie))).toBeNull();
    expect(await sessionOfRequest(requestWith(await sessionCookieOf(user)))).not.toBeNull();
  });

  test("ends when the user is gone", async () => {
    const cookie = await sessionCookieOf(user);
    await database().user.deleteMany();
    expect(await sessionOfRequest(requestWith(cookie))).toBeNull();
  });

  test("may at each request what its user may then", async () => {
    const request = requestWith(await sessionCookieOf(user));
    const permissionsNow = async () => (await sessionOfRequest(request))?.permissions;
    expect(await permissionsNow()).toContain("publish");
    await database().user.update({ where: { id: user.id }, data: { role: "editor", permissions: ["read-mail"] } });
    expect(await permissionsNow()).toEqual(["edit", "read-mail"]);
    await database().user.update({ where: { id: user.id }, data: { role: "a role of a newer version" } });
    expect(await permissionsNow()).toEqual(["read-mail"]);
  });

  test("ends 12 hours after the sign-in, used or not", async () => {
    const startedAt = new Date(Date.now() - 12 * 60 * 60_000);
    const cookie = await sessionCookieOf(user, { startedAt, usedAt: new Date() });
    expect(await sessionOfRequest(requestWith(cookie))).toBeNull();
  });

  test("ends 15 minutes after a person used it, on the server too", async () => {
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    const idle = await sessionCookieOf(user, { startedAt: minutesAgo(60), usedAt: minutesAgo(15) });
    expect(await sessionOfRequest(requestWith(idle))).toBeNull();
    const token = { sub: user.id, sid: randomUUID() };
    await sessionCookieOf(user, { sessionId: token.sid, startedAt: minutesAgo(60), usedAt: minutesAgo(14) });
    const now = new Date();
    expect(await renewSession(token, now)).toMatchObject({ userId: user.id });
    expect(await database().session.findUnique({ where: { id: token.sid } })).toMatchObject({ usedAt: now });
  });
});
