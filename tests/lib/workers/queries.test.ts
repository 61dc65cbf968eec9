import { afterAll, expect, test } from "vitest";
import type { OperationEvent } from "#core/contract/event.ts";
import { closeDatabase } from "#lib/db.ts";
import { lastOperations } from "#lib/workers/queries.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { enrol, reported } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

function suspended(minute: number): OperationEvent {
  const at = new Date(Date.UTC(2026, 0, 5, 10, minute)).toISOString();
  const target = { route: "internet", destination: `${minute}.example` };
  return { kind: "operation", id: `01OPERATION${minute}`, at, command: "suspend", target, by: "Mara", result: null };
}

test("each worker's last five commands are shown, newest first; one that nobody commanded has none", async () => {
  await enrol("busy");
  await enrol("quiet");
  await reported({ events: [1, 2, 3, 4, 5, 6].map(suspended) }, new Date(), "busy");
  const last = await lastOperations([{ id: "busy" }, { id: "quiet" }]);
  expect(last.get("busy")).toEqual([6, 5, 4, 3, 2].map(suspended));
  expect(last.get("quiet")).toEqual([]);
});
