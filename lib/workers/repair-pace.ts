const intervalMinMs = 10_000;
/** To a worker that refuses the same revision for the same reason again and again. */
const intervalMaxMs = 160_000;

type Pace = { lastAt: number; intervalMs: number; answer: string | null };

const holder = globalThis as typeof globalThis & { posternRepairs?: Map<string, Pace> };

/** Whether a worker may be given its revision again now; after a yes, no for 10 s, and longer while it says the same each time. `now` in milliseconds. */
export function repairDue(workerId: string, now: number): boolean {
  const pace = paceOf(workerId);
  if (now - pace.lastAt < pace.intervalMs) return false;
  pace.lastAt = now;
  return true;
}

/** What a worker said to a revision; `error` null: it took it. The same error again doubles the interval, anything else is news. */
export function noteAnswer(workerId: string, revision: number, error: string | null): void {
  const pace = paceOf(workerId);
  const answer = error === null ? null : `${revision} ${error}`;
  const same = answer !== null && answer === pace.answer;
  pace.intervalMs = same ? Math.min(pace.intervalMs * 2, intervalMaxMs) : intervalMinMs;
  pace.answer = answer;
}

function paceOf(workerId: string): Pace {
  const paces = (holder.posternRepairs ??= new Map());
  const pace = paces.get(workerId) ?? { lastAt: Number.NEGATIVE_INFINITY, intervalMs: intervalMinMs, answer: null };
  paces.set(workerId, pace);
  return pace;
}
