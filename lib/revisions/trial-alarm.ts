import type { RefusalShare } from "./trial-mutations.ts";

/** Fewer messages tell nothing about a share. */
export const judgedMin = 20;
/** A revision that refuses so many percent more than the hour before it is taken back. */
export const refusedPointsMax = 20;
/** And one under which the queue grows by so many messages, and to twice its length. */
export const queueGrowthMax = 100;

type Seen = { before: RefusalShare; under: RefusalShare; queuedBefore: number; queuedNow: number };

/** Why a revision on trial should not wait for somebody to look; null: nothing jumps. */
export function trialAlarm({ before, under, queuedBefore, queuedNow }: Seen): string | null {
  if (under.messages >= judgedMin) {
    const percent = share(under);
    // Without an hour of mail before it there is nothing to compare with.
    const usual = before.messages >= judgedMin ? share(before) : 0;
    if (percent - usual >= refusedPointsMax) {
      return `it refuses ${percent} % of ${under.messages} messages, ${usual} % were refused in the hour before`;
    }
  }
  const grown = queuedNow - queuedBefore;
  if (grown >= queueGrowthMax && queuedNow >= 2 * queuedBefore) {
    return `the queue grew from ${queuedBefore} to ${queuedNow} messages`;
  }
  return null;
}

function share({ messages, refused }: RefusalShare): number {
  return messages === 0 ? 0 : Math.round((refused / messages) * 100);
}
