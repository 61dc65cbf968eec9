import { expect, test } from "vitest";
import { controlErrorSchema, controlPaths } from "#core/contract/control-api.ts";
import { killAnswerSchema, liveSessionsAnswerSchema, liveSessionsMax } from "#core/contract/live-session.ts";
import { connectionRoutes } from "#worker/control/connection-routes.ts";
import type { ControlAnswer } from "#worker/control/control-answer.ts";
import type { BanRequest, Session } from "#worker/services.ts";
import { idleSession, liveSession } from "../../support/idle-session.ts";

function controlling(sessions: Session[]) {
  const bans: ({ address: string } & BanRequest)[] = [];
  const ban = (address: string, request: BanRequest) => bans.push({ address, ...request }) > 0;
  const routes = new Map(connectionRoutes({ listeners: { sessions: () => sessions.values() }, bans: { ban } }));
  const ask = async (path: string, body: unknown = null): Promise<unknown> =>
    jsonOf(await routes.get(path)?.answer(body, new URLSearchParams()));
  return { bans, ask };
}

function jsonOf(answer: ControlAnswer | undefined): unknown {
  if (answer === undefined || "content" in answer) throw new Error("no JSON");
  return answer.body;
}

const sessionOf = (id: string, over: Partial<Session> = {}) =>
  idleSession({ id, live: () => liveSession({ id }), ...over });

test("the sessions that began first are named, in that order, up to a cap; the total tells of the others", async () => {
  const ids = Array.from({ length: liveSessionsMax + 5 }, (_, n) => `S${String(n).padStart(6, "0")}`);
  const { ask } = controlling(ids.toReversed().map((id) => sessionOf(id)));
  const { sessions, total } = liveSessionsAnswerSchema.parse(await ask(controlPaths.connections));
  expect(sessions.map(({ id }) => id)).toEqual(ids.slice(0, liveSessionsMax));
  expect(total).toBe(ids.length);
});

test("those that a person names are killed; one that is over by then is told as not done", async () => {
  const killed: string[] = [];
  const { ask, bans } = controlling(["A", "B"].map((id) => sessionOf(id, { kill: () => void killed.push(id) })));
  const answer = killAnswerSchema.parse(
    await ask(controlPaths.connectionCommands, { ids: ["A", "gone", "A"], by: "Mara" }),
  );
  expect(answer.results).toEqual([
    { id: "A", done: true },
    { id: "gone", done: false },
  ]);
  expect(killed).toEqual(["A"]);
  expect(bans).toEqual([]);
});

test("with a ban the address is refused before its session ends", async () => {
  const { ask, bans } = controlling([sessionOf("A", { kill: () => expect(bans).toHaveLength(1) })]);
  await ask(controlPaths.connectionCommands, { ids: ["A"], banMinutes: 60, by: "Mara" });
  expect(bans).toEqual([{ address: "192.0.2.7", minutes: 60, reason: "session ended by Mara", by: "person" }]);
});

test("a request of another shape is answered with what is wrong", async () => {
  const { ask } = controlling([]);
  const { error } = controlErrorSchema.parse(await ask(controlPaths.connectionCommands, { ids: [], by: "" }));
  expect(error).toMatchObject({ code: "bad-request", message: expect.stringContaining("ids") });
});
