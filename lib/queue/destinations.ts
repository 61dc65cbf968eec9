import type { WorkerView } from "#lib/workers/queries.ts";

/** How a route of SMTP stands at one worker. */
export type RouteState = {
  worker: string;
  route: string;
  /** unknown: not tried yet, or its worker is not heard. */
  state: "relaying" | "down" | "unknown";
  queued: number;
  lastError: string | null;
};

/** What the workers say about the places that the queue goes to. */
export type QueueStates = {
  /** By worker; those that serve one protocol of mail retrieval are left out, nothing waits for them. */
  routes: RouteState[];
  /** Not heard: their part of the queue is as they last reported it. */
  silent: { name: string; lastSeenAt: string | null }[];
};

/** Reads the states out of what the workers last said. */
export function queueStates(workers: readonly WorkerView[]): QueueStates {
  return {
    routes: workers.flatMap(routesOf),
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
    queued: route.queued,
    lastError: route.lastError,
  }));
}
