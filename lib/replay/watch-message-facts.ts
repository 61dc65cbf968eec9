import { daysKept } from "#lib/env.ts";
import { every } from "#lib/jobs/every.ts";
import { pruneMessageFacts } from "./mutations.ts";

const everyMs = 10 * 60_000;

/** Deletes again and again what is too old to be replayed: POSTERN_REPLAY_DAYS. */
export function watchMessageFacts(): void {
  const days = daysKept("POSTERN_REPLAY_DAYS");
  every(everyMs, "the deletion of old message facts", (now) => pruneMessageFacts(now, days));
}
