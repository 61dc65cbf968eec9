import { type WorkerStatus, workerStatusSchema } from "#core/contract/report.ts";
import { database, type Transaction } from "#lib/db.ts";
import { type WorkerState, workerState } from "./worker-state.ts";

export type WorkerView = {
  id: string;
  name: string;
  controlUrl: string;
  state: WorkerState;
  enrolledAt: Date;
  lastSeenAt: Date | null;
  appliedRevision: number;
  /** The live revision's number, or null before the first publish. */
  liveRevision: number | null;
  /** What the worker last said about itself; null before its first report. */
  status: WorkerStatus | null;
};

/** Every worker with its state at `now`, by name. */
export async function listWorkers(now: Date): Promise<WorkerView[]> {
  const [workers, live] = await Promise.all([
    database().worker.findMany({ orderBy: { name: "asc" } }),
    database().revision.findFirst({ orderBy: { number: "desc" }, select: { number: true, digest: true } }),
  ]);
  return workers.map((worker) => ({
    id: worker.id,
    name: worker.name,
    controlUrl: worker.controlUrl,
    state: workerState(worker, live, now),
    enrolledAt: worker.enrolledAt,
    lastSeenAt: worker.lastSeenAt,
    appliedRevision: worker.appliedRevision,
    liveRevision: live?.number ?? null,
    status: workerStatusSchema.nullable().catch(null).parse(worker.status),
  }));
}

/** The names of the credentials that the workers said they hold. */
export async function heldCredentials(tx: Transaction): Promise<string[]> {
  const workers = await tx.worker.findMany({ select: { status: true } });
  return workers.flatMap(({ status }) => workerStatusSchema.nullable().catch(null).parse(status)?.credentials ?? []);
}
