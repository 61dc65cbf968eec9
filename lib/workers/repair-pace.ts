const repairIntervalMs = 10_000;

const holder = globalThis as typeof globalThis & { posternRepairs?: Map<string, number> };

/** Whether a worker may be given the live revision again now; after a yes, no for 10 s. `now` in milliseconds. */
export function repairDue(workerId: string, now: number): boolean {
  holder.posternRepairs ??= new Map();
  const last = holder.posternRepairs.get(workerId) ?? Number.NEGATIVE_INFINITY;
  if (now - last < repairIntervalMs) return false;
  holder.posternRepairs.set(workerId, now);
  return true;
}
