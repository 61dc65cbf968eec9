import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DestinationRequest, destinationRequestSchema } from "#core/contract/control-api.ts";
import { closeDatabase, database } from "#lib/db.ts";
import { commandDestination } from "#lib/queue/destination-mutations.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { enrol } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();

const mara = { name: "Mara", address: "192.0.2.7" };
const order = { command: "suspend", route: "world", destination: "example.org" } as const;
const asked: DestinationRequest[] = [];
let auditedBefore: string[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    asked.push(destinationRequestSchema.parse(JSON.parse(text)));
    auditedBefore = await audited();
    response.end(JSON.stringify({ done: true, reason: null }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await enrol("local", `http://127.0.0.1:${port}`);
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await closeDatabase();
});

async function audited(): Promise<string[]> {
  const rows = await database().auditEntry.findMany({
    where: { action: { startsWith: "queue." } },
    orderBy: { sequence: "asc" },
  });
  return rows.map(({ action, object }) => `${action} ${object}`);
}

test("a destination is suspended at the worker in the person's name, and audited before the worker hears of it", async () => {
  expect(await commandDestination(order, mara)).toEqual([{ worker: "local", done: true, reason: null }]);
  expect(asked).toEqual([{ ...order, by: "Mara" }]);
  expect(auditedBefore).toEqual(["queue.suspend example.org by world"]);
});

test("every worker is asked; one that cannot be reached is told, and audited", async () => {
  await enrol("away", "http://127.0.0.1:9");
  const results = await commandDestination({ ...order, command: "resume" }, mara);
  expect(results.map(({ worker, done }) => [worker, done])).toEqual([
    ["away", false],
    ["local", true],
  ]);
  expect(results[0]?.reason).toContain("cannot be reached");
  expect((await audited()).at(-1)).toBe("queue.refusal example.org by world");
});
