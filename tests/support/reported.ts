import type { WorkerEvent } from "#core/contract/event.ts";
import { type Report, reportEventsMax } from "#core/contract/report.ts";
import { database, transaction } from "#lib/db.ts";
import { applyReport } from "#lib/events/mutations.ts";
import { enrolWorker } from "#lib/workers/mutations.ts";
import { report } from "./report-samples.ts";

/** What a worker that was enrolled here and its console show each other. */
export function workerToken(id: string): string {
  return `token-of-worker-${id}`.padEnd(40, "0");
}

/** Enrols a worker; its control API is at `controlUrl`. */
export async function enrol(id = "local", controlUrl = "http://127.0.0.1:9"): Promise<void> {
  const token = workerToken(id);
  const enrolment = { id, name: id, controlUrl, controlToken: token, reportToken: token };
  await transaction((tx) => enrolWorker(tx, enrolment));
}

/** Applies what an enrolled worker reports, as the ingest does, at `now`. */
export async function reported(over: Partial<Report>, now = new Date(), workerId = "local"): Promise<void> {
  const { lastSequence } = await database().worker.findUniqueOrThrow({ where: { id: workerId } });
  const next = report(lastSequence + 1, { at: now.toISOString(), ...over, workerId });
  await transaction((tx) => applyReport(tx, next, now));
}

/** Reports many events. */
export async function reportedEvents(events: readonly WorkerEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += reportEventsMax) {
    await reported({ events: events.slice(from, from + reportEventsMax) });
  }
}
