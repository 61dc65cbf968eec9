// Runs once at each start, after the migrations and before the console, with the console's environment: makes the worker known, publishes
// the demo policy when nothing was ever published, and makes a setup link while there is no administrator. Answers with one line of JSON.
import { readFileSync } from "node:fs";
import { closeDatabase, transaction } from "#lib/db.ts";
import { importAndPublish } from "#lib/revisions/first-revision.ts";
import { createSetupLink } from "#lib/setup/mutations.ts";
import { enrolWorker } from "#lib/workers/mutations.ts";
import { type Prepared, type PrepareOrder, prepareOrderSchema } from "./prepared.ts";

async function prepare(order: PrepareOrder): Promise<Prepared> {
  const token = (file: string): string => readFileSync(file, "utf8").trim();
  await transaction((tx) =>
    enrolWorker(tx, {
      id: order.workerId,
      name: order.workerId,
      controlUrl: order.controlUrl,
      controlToken: token(order.controlTokenFile),
      reportToken: token(order.reportTokenFile),
    }),
  );
  const firstRevision = await importAndPublish(order.policy, { comment: "The demo policy that Postern starts with" });
  const setupLink = await transaction((tx) => createSetupLink(tx, order.consoleUrl));
  return { firstRevision, setupLink };
}

try {
  const prepared = await prepare(prepareOrderSchema.parse(JSON.parse(readFileSync(0, "utf8"))));
  process.stdout.write(`${JSON.stringify(prepared)}\n`);
} finally {
  await closeDatabase();
}
