import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { controlPaths } from "#core/contract/control-api.ts";
import { type KillRequest, killRequestSchema, type LiveSession } from "#core/contract/live-session.ts";
import { killOrderSchema } from "#lib/connections/kill-order.ts";
import { killSessions } from "#lib/connections/mutations.ts";
import { runningSessions } from "#lib/connections/queries.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { liveSession } from "../../support/idle-session.ts";
import { enrol } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();

const mara = { name: "Mara", address: "192.0.2.7" };
const asked: KillRequest[] = [];
let running: LiveSession[] = [];
let worker: Server;

beforeAll(async () => {
  worker = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    if (request.method === "GET") {
      expect([request.url, text]).toEqual([controlPaths.connections, ""]);
      return response.end(JSON.stringify({ sessions: running, total: running.length + 2 }));
    }
    expect(request.url).toBe(controlPaths.connectionCommands);
    const command = killRequestSchema.parse(JSON.parse(text));
    asked.push(command);
    const results = command.ids.map((id) => ({ id, done: running.some((session) => session.id === id) }));
    return response.end(JSON.stringify({ results }));
  });
  await new Promise<void>((listening) => worker.listen(0, "127.0.0.1", listening));
  await enrol("local", `http://127.0.0.1:${(worker.address() as AddressInfo).port}`);
  await enrol("away", "http://127.0.0.1:9");
});

afterEach(() => {
  asked.length = 0;
});

afterAll(async () => {
  worker.closeAllConnections();
  await new Promise((closed) => worker.close(closed));
  await closeDatabase();
});

async function lastAudit(many: number) {
  const rows = await database().auditEntry.findMany({ orderBy: { sequence: "desc" }, take: many });
  return rows.toReversed();
}

describe("what runs now", () => {
  test("is asked of every worker, the oldest first; a worker that does not answer is named with the reason", async () => {
    running = [
      liveSession({ id: "B", beganAt: "2026-01-05T10:00:02.000Z" }),
      liveSession({ id: "A", beganAt: "2026-01-05T10:00:01.000Z" }),
    ];
    const { sessions, unlisted, workers, silent } = await runningSessions(null);
    expect(sessions.map(({ id, workerId }) => [id, workerId])).toEqual([
      ["A", "local"],
      ["B", "local"],
    ]);
    expect([unlisted, workers]).toEqual([2, 2]);
    expect(silent).toEqual([{ worker: "away", reason: expect.stringContaining("cannot be reached") }]);
  });
});

describe("what runs at an interface", () => {
  test("is what the workers say of it, by its name or one that it had", async () => {
    running = ["External", "Trusted", "WAN"].map((name) => liveSession({ id: name, interface: name }));
    const { sessions, unlisted } = await runningSessions({ id: null, name: "WAN", names: ["WAN", "External"] });
    expect(sessions.map(({ id }) => id)).toEqual(["External", "WAN"]);
    expect(unlisted).toBe(2);
  });
});

describe("ending sessions", () => {
  test("is asked of their worker with the person's name, and is in the audit log before", async () => {
    running = [liveSession({ id: "A" })];
    expect(await killSessions({ workerId: "local", ids: ["A", "GONE"], banMinutes: 60 }, mara)).toEqual({
      done: 1,
      over: 1,
    });
    expect(asked).toEqual([{ ids: ["A", "GONE"], banMinutes: 60, by: "Mara" }]);
    expect(await lastAudit(1)).toMatchObject([
      {
        actor: "Mara",
        action: "connections.kill",
        object: "A, GONE",
        summary: "Mara asked worker local to end 2 sessions and to refuse the client for 60 minutes.",
        detail: { workerId: "local", ids: ["A", "GONE"], banMinutes: 60 },
      },
    ]);
  });

  test("at a worker that does not answer is refused, and the audit log says so", async () => {
    const order = { workerId: "away", ids: ["A"], banMinutes: null };
    await expect(killSessions(order, mara)).rejects.toThrow("cannot be reached");
    expect(await lastAudit(2)).toMatchObject([
      { action: "connections.kill", summary: "Mara asked worker away to end a session." },
      { action: "connections.refusal", summary: expect.stringContaining("not confirmed by away") },
    ]);
  });

  test("at a worker that is not enrolled is refused, and nobody is asked", async () => {
    const order = { workerId: "nobody", ids: ["A"], banMinutes: null };
    await expect(killSessions(order, mara)).rejects.toThrow("not enrolled");
    expect(asked).toEqual([]);
  });

  test("names at least one and at most 100, and a ban of 1 to 10,080 minutes or none", () => {
    const accepts = (over: object) => killOrderSchema.safeParse({ workerId: "local", ids: ["A"], ...over }).success;
    expect([accepts({}), accepts({ banMinutes: null }), accepts({ banMinutes: 10_080 })]).toEqual([true, true, true]);
    const ids = Array.from({ length: 101 }, (_, n) => String(n));
    expect([{ ids: [] }, { ids }, { banMinutes: 0 }, { banMinutes: 10_081 }].filter(accepts)).toEqual([]);
  });
});
