const windowMs = 60_000;
/** Requests of one token in a minute. */
export const requestsMax = 60;
/** Requests of one address in a minute that have no valid token. */
export const refusalsMax = 20;
const keysMax = 10_000;

type Window = { since: number; count: number };

const holder = globalThis as typeof globalThis & { posternApiPace?: Map<string, Window> };

/** Counts one more under `key` and tells how many seconds to wait when that is more than `max` in a minute; else null. `now` in milliseconds. */
export function countRequest(key: string, max: number, now: number): number | null {
  const windows = (holder.posternApiPace ??= new Map());
  const last = windows.get(key);
  const window = last === undefined || now - last.since >= windowMs ? { since: now, count: 0 } : last;
  window.count += 1;
  // Set anew, so that the one that is dropped is the one that was not heard of for longest.
  windows.delete(key);
  windows.set(key, window);
  if (windows.size > keysMax) windows.delete(windows.keys().next().value ?? "");
  return window.count > max ? Math.ceil((window.since + windowMs - now) / 1000) : null;
}
