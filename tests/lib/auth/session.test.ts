import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { endSession } from "#lib/auth/mutations.ts";
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
    const sessionId = randomUUID();
    const cookie = await sessionCookieOf(user, { sessionId });
    await endSession({ id: sessionId, userId: user.id }, null, new Date());
    expect(await sessionOfRequest(requestWith(cookie))).toBeNull();
    expect(await sessionOfRequest(requestWith(await sessionCookieOf(user)))).not.toBeNull();
  });

  test("ends when the user's session version is raised or the user is gone", async () => {
    const cookie = await sessionCookieOf(user);
    await database().user.update({ where: { id: user.id }, data: { sessionVersion: { increment: 1 } } });
    expect(await sessionOfRequest(requestWith(cookie))).toBeNull();
    await database().user.deleteMany();
    expect(await sessionOfRequest(requestWith(cookie))).toBeNull();
  });

  test("ends 12 hours after the sign-in, used or not", async () => {
    const signedInAt = Date.now() - 12 * 60 * 60_000 - 1;
    expect(await sessionOfRequest(requestWith(await sessionCookieOf(user, { signedInAt })))).toBeNull();
  });
});
