import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DrainRequest, drainRequestSchema } from "#core/contract/control-api.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { drainWorker } from "#lib/workers/drain-worker.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { enrol } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();

const mara = { name: "Mara", address: "192.0.2.7" };
const asked: DrainRequest[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    asked.push(drainRequestSchema.parse(JSON.parse(text)));
    response.end(text);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  await enrol("local", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await closeDatabase();
});

test("a worker is drained and set to work again in the person's name, and both are in the audit log", async () => {
  await drainWorker({ workerId: "local", on: true }, mara);
  await drainWorker({ workerId: "local", on: false }, mara);
  expect(asked).toEqual([
    { on: true, by: "Mara" },
    { on: false, by: "Mara" },
  ]);
  const rows = await database().auditEntry.findMany({ orderBy: { sequence: "desc" }, take: 2 });
  expect(rows.map(({ action }) => action)).toEqual(["worker.resume", "worker.drain"]);
});

test("a worker that cannot be reached or is not known is told so", async () => {
  await enrol("away", "http://127.0.0.1:9");
  await expect(drainWorker({ workerId: "away", on: true }, mara)).rejects.toThrow(/cannot be reached/);
  await expect(drainWorker({ workerId: "nobody", on: true }, mara)).rejects.toThrow(/not enrolled/);
});
