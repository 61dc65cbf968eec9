import { Badge } from "#components/ui/badge.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { ListenerAtWorker, ListenerView } from "#lib/interfaces/listener-states.ts";

/** Where connections are taken, and whether each worker does. */
export function ListenerList({ listeners }: { listeners: readonly ListenerView[] }) {
  if (listeners.length === 0) return <span className="text-muted">no port is open here</span>;
  return (
    <ul className="flex flex-col gap-1">
      {listeners.map((listener) => (
        <li
          key={`${listener.protocol} ${listener.address} ${listener.port}`}
          className="flex flex-wrap items-center gap-x-2 gap-y-1"
        >
          <span className="font-mono text-sm">
            {listener.address.includes(":") ? `[${listener.address}]` : listener.address}:{listener.port}
          </span>
          <span className="text-muted text-sm">
            {listener.protocol.toUpperCase()}
            {listener.tls !== "none" && `, TLS ${listener.tls}`}, {listener.policies.join(", ")}
          </span>
          {listener.published ? (
            <Workers workers={listener.workers} />
          ) : (
            <Badge tone="accent">opens when published</Badge>
          )}
        </li>
      ))}
    </ul>
  );
}

function Workers({ workers }: { workers: readonly ListenerAtWorker[] }) {
  if (workers.length === 0) return <StateBadge state="unknown">no worker</StateBadge>;
  return workers.map(({ worker, state, connections }) => {
    const where = workers.length === 1 ? "" : `${worker}: `;
    if (state === "unheard")
      return (
        <StateBadge key={worker} state="unknown">
          {where}worker not heard
        </StateBadge>
      );
    if (state === "not-bound")
      return (
        <StateBadge key={worker} state="down">
          {where}not bound
        </StateBadge>
      );
    return (
      <StateBadge key={worker} state="up">
        {where}bound, {connections === 1 ? "1 connection" : `${connections} connections`}
      </StateBadge>
    );
  });
}
