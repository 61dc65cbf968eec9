import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { QueueStates, RouteState } from "#lib/queue/destinations.ts";
import { destinationName } from "./cause-words.ts";
import { DestinationButtons, ProbeButton } from "./destination-buttons.tsx";

const looks = { relaying: "up", down: "down", unknown: "unknown" } as const;
const words = { relaying: "relaying", down: "down", unknown: "not tried yet" } as const;

/** How each route stands now, which destinations are suspended, and which workers are drained or silent. */
export function RouteStrip({ states: { routes, suspended, draining, silent } }: { states: QueueStates }) {
  const several = new Set(routes.map(({ worker }) => worker)).size > 1;
  return (
    <div className="mb-4 flex flex-col gap-2">
      {silent.map(({ name, lastSeenAt }) => (
        <Notice key={name} kind="fault">
          Worker {name} is not heard; its messages are shown as it last reported them
          {lastSeenAt && (
            <>
              , <Time at={lastSeenAt} form="relative" />
            </>
          )}
          . <TextLink href="/workers">Workers</TextLink>
        </Notice>
      ))}
      {draining.map((name) => (
        <Notice key={name} kind="warning">
          Worker {name} is drained: it takes no new connections and begins no attempts.
        </Notice>
      ))}
      {suspended.map((one) => (
        <Notice key={destinationName(one)} kind="warning">
          <span className="flex flex-wrap items-center justify-between gap-2">
            <span>
              <ForeignText text={destinationName(one)} /> is suspended: no attempts until it is resumed.
            </span>
            <DestinationButtons of={one} suspended />
          </span>
        </Notice>
      ))}
      {routes.length > 0 && (
        <ul aria-label="Routes now" className="flex flex-wrap gap-2">
          {routes.map((one) => (
            <RouteNow key={`${one.worker} ${one.route}`} one={one} several={several} />
          ))}
        </ul>
      )}
    </div>
  );
}

function RouteNow({
  one: { worker, route, state, since, queued, lastError, byDomain },
  several,
}: {
  one: RouteState;
  several: boolean;
}) {
  return (
    <li className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 rounded-md border border-line bg-surface px-2 py-1">
      <StateBadge state={looks[state]}>{words[state]}</StateBadge>
      <span className="font-medium [overflow-wrap:anywhere]">{several ? `${route} at ${worker}` : route}</span>
      {queued > 0 && (
        <TextLink href={searchHref("/queue", { route })} prefetch={false}>
          {state === "relaying" ? `${queued} waiting` : `spooling ${queued}`}
        </TextLink>
      )}
      {state === "down" && (
        <span className="text-muted">
          {since !== null && (
            <>
              for <Time at={since} form="age" />:{" "}
            </>
          )}
          <ForeignText text={lastError} />
        </span>
      )}
      {!byDomain && <ProbeButton of={{ route, destination: route }} />}
    </li>
  );
}
