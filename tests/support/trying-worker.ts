import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import { transaction } from "#lib/db.ts";
import { enrolWorker } from "#lib/workers/mutations.ts";
import { ControlServer } from "#worker/control/control-server.ts";
import { simulationRoutes } from "#worker/control/simulation-routes.ts";
import { makeWorkerParts, silentLog } from "./worker-parts.ts";

/** Enrols a worker that tries messages and does nothing else; it ends with the test. */
export async function startTryingWorker(): Promise<void> {
  const { services } = await makeWorkerParts();
  const token = randomBytes(24).toString("hex");
  const server = new ControlServer({ token, routes: new Map(simulationRoutes({ services })), log: silentLog });
  const port = await server.listen("127.0.0.1", 0);
  onTestFinished(() => server.close());
  const controlUrl = `http://127.0.0.1:${port}`;
  await transaction((tx) =>
    enrolWorker(tx, { id: "alpha", name: "alpha", controlUrl, controlToken: token, reportToken: token }),
  );
}
