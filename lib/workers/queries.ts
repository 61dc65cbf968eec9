import { eventSchema, type OperationEvent } from "#core/contract/event.ts";
import { type WorkerStatus, workerStatusSchema } from "#core/contract/report.ts";
import { database, type Transaction } from "#lib/db.ts";
import { type MeantRevision, meantRevision } from "./meant-revision.ts";
import { type WorkerState, workerState } from "./worker-state.ts";

/** Of each worker. */
const operationsMax = 5;

export type WorkerView = {
  id: string;
  name: string;
  controlUrl: string;
  state: WorkerState;
  enrolledAt: Date;
  lastSeenAt: Date | null;
  appliedRevision: number;
  /** The number of the revision that it should enforce, or null before the first publish. */
  meantRevision: number | null;
  /** What the worker last said about itself; null before its first report. */
  status: WorkerStatus | null;
};

type WorkerRow = Omit<WorkerView, "state" | "meantRevision" | "status"> & {
  appliedDigest: string | null;
  status: unknown;
};

/** Every worker with its state at `now`, by name. */
export async function listWorkers(now: Date): Promise<WorkerView[]> {
  const workers = await database().worker.findMany({ orderBy: { name: "asc" } });
  const meant = await Promise.all(workers.map(({ id }) => meantRevision(database(), id)));
  return workers.map((worker, index) => workerView(worker, meant[index] ?? null, now));
}

function workerView(worker: WorkerRow, meant: MeantRevision | null, now: Date): WorkerView {
  return {
    id: worker.id,
    name: worker.name,
    controlUrl: worker.controlUrl,
    state: workerState(worker, meant, now),
    enrolledAt: worker.enrolledAt,
    lastSeenAt: worker.lastSeenAt,
    appliedRevision: worker.appliedRevision,
    meantRevision: meant?.number ?? null,
    status: workerStatusSchema.nullable().catch(null).parse(worker.status),
  };
}

/** The names of the credentials that the workers said they hold. */
export async function heldCredentials(tx: Transaction): Promise<string[]> {
  const workers = await tx.worker.findMany({ select: { status: true } });
  return workers.flatMap(({ status }) => workerStatusSchema.nullable().catch(null).parse(status)?.credentials ?? []);
}

/** What people last had each worker do, by its id, newest first. */
export async function lastOperations(workers: readonly { id: string }[]): Promise<Map<string, OperationEvent[]>> {
  const found = await Promise.all(workers.map(async ({ id }) => [id, await operationsOf(id)] as const));
  return new Map(found);
}

async function operationsOf(workerId: string): Promise<OperationEvent[]> {
  const rows = await database().mailEvent.findMany({
    where: { kind: "operation", workerId },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: operationsMax,
    select: { detail: true },
  });
  return rows.map(({ detail }) => eventSchema.parse(detail)).filter((event) => event.kind === "operation");
}
