import { workerSilenceMs } from "#lib/live/silence.ts";
import type { MeantRevision } from "./meant-revision.ts";

/** down: not heard lately. drifted: it enforces another policy than it should. up: all is well. */
export type WorkerState = "up" | "down" | "drifted";

/** Whether a worker is heard and enforces the revision that is meant for it; that is null before the first publish. */
export function workerState(
  worker: { lastSeenAt: Date | null; appliedRevision: number; appliedDigest: string | null },
  meant: MeantRevision | null,
  now: Date,
): WorkerState {
  if (worker.lastSeenAt === null || now.getTime() - worker.lastSeenAt.getTime() > workerSilenceMs) return "down";
  if (meant === null) return "up";
  return worker.appliedRevision === meant.number && worker.appliedDigest === meant.digest ? "up" : "drifted";
}
