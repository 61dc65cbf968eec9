/** A session ends after this long without use … */
export const sessionIdleMs = 15 * 60_000;
/** … and this long after the sign-in in any case. */
export const sessionAbsoluteMs = 12 * 60 * 60_000;

/** Whether a session that began and was used at these times goes on at `now`. */
export function isRunning({ startedAt, usedAt }: { startedAt: Date; usedAt: Date }, now: Date): boolean {
  return now.getTime() - startedAt.getTime() < sessionAbsoluteMs && now.getTime() - usedAt.getTime() < sessionIdleMs;
}

/** The earliest times that a session which goes on at `now` can have. */
export function runningSince(now: Date): { startedAt: Date; usedAt: Date } {
  return {
    startedAt: new Date(now.getTime() - sessionAbsoluteMs),
    usedAt: new Date(now.getTime() - sessionIdleMs),
  };
}
