import { workerSilenceMs } from "#lib/live/silence.ts";

/** down: not heard lately. drifted: it enforces another policy than the live one. up: all is well. */
export type WorkerState = "up" | "down" | "drifted";

/** Whether a worker is heard and enforces the live revision. `live` is null before the first publish. */
export function workerState(
  worker: { lastSeenAt: Date | null; appliedRevision: number; appliedDigest: string | null },
  live: { number: number; digest: string } | null,
  now: Date,
): WorkerState {
  if (worker.lastSeenAt === null || now.getTime() - worker.lastSeenAt.getTime() > workerSilenceMs) return "down";
  if (live === null) return "up";
  return worker.appliedRevision === live.number && worker.appliedDigest === live.digest ? "up" : "drifted";
}
