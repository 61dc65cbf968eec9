import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { GET } from "#app/api/stream/route.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { liveHub } from "#lib/live/hub.ts";
import { announce } from "#lib/live/mutations.ts";
import { useConsoleSettings } from "../support/console-settings.ts";
import { useTestDatabase } from "../support/database.ts";
import { makeAdministrator, sessionCookieOf } from "../support/signed-in.ts";
import { waitUntil } from "../support/wait-until.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

let user: Awaited<ReturnType<typeof makeAdministrator>>;
beforeAll(async () => {
  user = await makeAdministrator();
});

async function open(headers: Record<string, string>): Promise<Response> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  return GET(new Request("http://127.0.0.1:3000/api/stream", { headers, signal: abort.signal }));
}

describe("GET /api/stream", () => {
  test("401 without a session, with a forged one and after the sign-out", async () => {
    const ended = await sessionCookieOf(user);
    await database().session.deleteMany();
    for (const headers of [{}, { cookie: "postern.session=x" }, { cookie: ended }]) {
      expect((await open(headers)).status).toBe(401);
    }
    expect(liveHub().size).toBe(0);
  });

  test("200 with a session: an event stream that nothing on the way may keep back", async () => {
    const response = await open({ cookie: await sessionCookieOf(user, { sessionId: randomUUID() }) });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("cache-control")).toContain("no-transform");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    void (async () => {
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) text += part.value;
    })();
    await waitUntil("a change is heard", async () => {
      await transaction((tx) => announce(tx, ["messages"]));
      return text.includes('event: changed\ndata: {"topics":["messages"]}');
    });
    await reader?.cancel();
    await waitUntil("the stream is gone", () => liveHub().size === 0);
  });
});
