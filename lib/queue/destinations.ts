import type { QueueDestination } from "#core/contract/queue.ts";
import type { WorkerView } from "#lib/workers/queries.ts";

/** How a route of SMTP stands at one worker. */
export type RouteState = {
  worker: string;
  route: string;
  /** unknown: not tried yet, or its worker is not heard. */
  state: "relaying" | "down" | "unknown";
  /** Since when; null: that is not known. */
  since: string | null;
  queued: number;
  lastError: string | null;
  /** It goes by the recipient's domain: no single server can be asked about it. */
  byDomain: boolean;
};

/** What the workers say about the places that the queue goes to. */
export type QueueStates = {
  /** By worker; those that serve one protocol of mail retrieval are left out, nothing waits for them. */
  routes: RouteState[];
  /** Those that a person stopped, and at which workers. */
  suspended: { route: string; destination: string; workers: string[] }[];
  /** Those that take what their route lets through in a minute; the rest goes later. */
  paced: { route: string; destination: string }[];
  /** Names of workers that are drained. */
  draining: string[];
  /** Not heard: their part of the queue is as they last reported it. */
  silent: { name: string; lastSeenAt: string | null }[];
};

/** Reads the states out of what the workers last said. */
export function queueStates(workers: readonly WorkerView[]): QueueStates {
  const suspended = new Map<string, QueueStates["suspended"][number]>();
  for (const { name, status } of workers)
    for (const one of status?.destinations ?? []) if (one.state === "suspended") note(suspended, one, name);
  return {
    routes: workers.flatMap(routesOf),
    suspended: [...suspended.values()],
    paced: workers.flatMap(({ status }) => status?.destinations ?? []).filter(({ isPaced }) => isPaced),
    draining: workers.filter(({ state, status }) => state !== "down" && status?.draining).map(({ name }) => name),
    silent: workers
      .filter(({ state }) => state === "down")
      .map(({ name, lastSeenAt }) => ({ name, lastSeenAt: lastSeenAt?.toISOString() ?? null })),
  };
}

function routesOf({ name, state, status }: WorkerView): RouteState[] {
  const smtp = (status?.routes ?? []).filter(({ protocol }) => protocol === "smtp");
  return smtp.map((route) => ({
    worker: name,
    route: route.route,
    state: state === "down" ? "unknown" : route.state,
    since: state === "down" ? null : route.since,
    queued: route.queued,
    lastError: route.lastError,
    byDomain: route.byDomain,
  }));
}

function note(
  suspended: Map<string, QueueStates["suspended"][number]>,
  { route, destination }: QueueDestination,
  worker: string,
): void {
  const key = `${route} ${destination}`;
  const known = suspended.get(key);
  if (known === undefined) suspended.set(key, { route, destination, workers: [worker] });
  else known.workers.push(worker);
}
