import type { Policy, PolicyDocument } from "#core/contract/policy-document.ts";
import type { WorkerView } from "#lib/workers/queries.ts";

export type ListenerAtWorker = {
  worker: string;
  /** bound: it takes connections. not-bound: it should, and does not. unheard: the worker does not tell. */
  state: "bound" | "not-bound" | "unheard";
  connections: number;
};
export type ListenerView = {
  protocol: Policy["protocol"];
  address: string;
  port: number;
  tls: string;
  /** The policies of the draft that listen there, in order. */
  policies: string[];
  /** False: no worker is to have it before the next publish. */
  published: boolean;
  workers: ListenerAtWorker[];
};

/** Where the enabled policies of the draft listen for what enters at an interface, and how the workers stand to that. */
export function listenerStates(
  interfaceName: string,
  draft: PolicyDocument,
  live: PolicyDocument | null,
  workers: readonly WorkerView[],
): ListenerView[] {
  const published = new Set(live?.policies.flatMap((policy) => listenerKeys(policy)));
  const views = new Map<string, ListenerView>();
  for (const policy of draft.policies) {
    if (policy.from.interface !== interfaceName || !policy.enabled) continue;
    for (const { address, port, tls } of policy.listen) {
      const key = keyOf(policy.protocol, address, port);
      const known = views.get(key);
      if (known !== undefined) {
        known.policies.push(policy.name);
        continue;
      }
      const isPublished = published.has(key);
      views.set(key, {
        protocol: policy.protocol,
        address,
        port,
        tls: tls?.mode ?? "none",
        policies: [policy.name],
        published: isPublished,
        workers: isPublished ? workers.map((worker) => atWorker(worker, key)) : [],
      });
    }
  }
  return [...views.values()];
}

function atWorker({ name, state, status }: WorkerView, key: string): ListenerAtWorker {
  if (state === "down" || status === null) return { worker: name, state: "unheard", connections: 0 };
  const found = status.listeners.find(({ protocol, address, port }) => keyOf(protocol, address, port) === key);
  return { worker: name, state: found ? "bound" : "not-bound", connections: found?.connections ?? 0 };
}

function listenerKeys({ enabled, protocol, listen }: Policy): string[] {
  return enabled ? listen.map(({ address, port }) => keyOf(protocol, address, port)) : [];
}

function keyOf(protocol: string, address: string, port: number): string {
  return `${protocol} ${address} ${port}`;
}
