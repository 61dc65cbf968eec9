/** A session ends after this long without use … */
export const sessionIdleMs = 15 * 60_000;
/** … and this long after the sign-in in any case. */
export const sessionAbsoluteMs = 12 * 60 * 60_000;
