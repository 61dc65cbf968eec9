import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { searchHref } from "#components/ui/search-href.ts";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { QueueStates, RouteState } from "#lib/queue/destinations.ts";

const looks = { relaying: "up", down: "down", unknown: "unknown" } as const;
const words = { relaying: "relaying", down: "down", unknown: "not tried yet" } as const;

/** How each route stands now, and which workers are silent. */
export function RouteStrip({ states: { routes, silent } }: { states: QueueStates }) {
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
  one: { worker, route, state, queued, lastError },
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
      {state === "down" && lastError !== null && (
        <span className="text-muted">
          <ForeignText text={lastError} />
        </span>
      )}
    </li>
  );
}
