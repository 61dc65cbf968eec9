import { daysKept } from "#lib/env.ts";
import { every } from "#lib/jobs/every.ts";
import { pruneHistory } from "./prune-history.ts";

const everyMs = 60 * 60_000;

/** Deletes again and again what is older than POSTERN_HISTORY_DAYS. */
export function watchHistory(): void {
  const days = daysKept("POSTERN_HISTORY_DAYS");
  every(everyMs, "the deletion of old events", (now) => pruneHistory(now, days));
}
