import { systemActor } from "#lib/actor.ts";
import { database, transaction } from "#lib/db.ts";
import { PublicError } from "#lib/errors.ts";
import { every } from "#lib/jobs/every.ts";
import { revertRevision } from "./mutations.ts";
import { pushLiveRevision } from "./push.ts";
import { countQueued, openRollout } from "./rollout-mutations.ts";
import { trialAlarm } from "./trial-alarm.ts";
import { openTrial, refusalsBefore, refusalsUnder } from "./trial-mutations.ts";

const everyMs = 5_000;

/** Takes back revisions whose time is over, and those under which something jumps; also what ran out while the console was away. */
export function watchTrials(): void {
  every(everyMs, "the watch of trials", checkTrial);
}

/** Looks once; gives the number of the revision that was taken back, or null. */
export async function checkTrial(now: Date): Promise<number | null> {
  const trial = await openTrial(database());
  if (trial === null) return null;
  const { number } = trial;
  const reason = trial.endsAt <= now ? "nobody kept it in time" : await alarmOf(number, trial.queued);
  if (reason === null) return null;
  try {
    await transaction((tx) => revertRevision(tx, systemActor, { number, reason }));
  } catch (error) {
    // Somebody kept it or took it back in this moment, perhaps another console.
    if (error instanceof PublicError && error.code === "REVISION_SETTLED") return null;
    throw error;
  }
  await pushLiveRevision();
  return number;
}

async function alarmOf(number: number, queuedBefore: number): Promise<string | null> {
  const [before, under, queuedNow] = await Promise.all([
    refusalsBefore(database(), number),
    refusalsUnder(database(), number),
    openRollout(database()).then((rollout) => countQueued(database(), rollout?.firstWorkers ?? null)),
  ]);
  return trialAlarm({ before, under, queuedBefore, queuedNow });
}
