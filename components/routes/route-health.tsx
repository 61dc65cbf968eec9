import { ForeignText } from "#components/ui/foreign-text.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Route } from "#core/contract/policy-document.ts";
import type { RouteStatus } from "#core/contract/report.ts";
import type { RouteAtWorker, RouteView } from "#lib/routes/queries.ts";

const routeStates = { relaying: "up", down: "down", unknown: "unknown" } as const;
const routeWords = {
  smtp: { relaying: "relaying", down: "down", unknown: "not tried yet" },
  pop3: { relaying: "serving", down: "down", unknown: "not tried yet" },
} as const;
const targetStates = { up: "up", down: "down", unknown: "unknown" } as const;
const targetWords = { up: "up", down: "down", unknown: "not tried yet" } as const;

/** How a route stands at each worker: its state, what waits for it, and every server that was tried. Nothing waits for POP3. */
export function RouteHealth({ view: { route, workers } }: { view: RouteView }) {
  if (workers.length === 0) return <StateBadge state="unknown">no worker</StateBadge>;
  return (
    <ul className="flex flex-col gap-2">
      {workers.map((one) => (
        <li key={one.worker} className="flex min-w-0 flex-col gap-1">
          <AtWorker one={one} route={route} several={workers.length > 1} />
        </li>
      ))}
    </ul>
  );
}

function AtWorker({
  one: { worker, heard, status },
  route: { name, protocol },
  several,
}: {
  one: RouteAtWorker;
  route: Route;
  several: boolean;
}) {
  const where = several ? `${worker}: ` : "";
  if (status === null) {
    return <span className="text-muted">{where}it does not know this route: not published yet</span>;
  }
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StateBadge state={heard ? routeStates[status.state] : "unknown"}>
          {where}
          {routeWords[protocol][status.state]}
          {!heard && ", worker not heard"}
        </StateBadge>
        {protocol === "smtp" && <Spooled status={status} name={name} />}
      </span>
      {status.targets.length > 0 && <Targets targets={status.targets} />}
      {status.targets.length === 0 && status.lastError !== null && (
        <span className="text-muted">
          Last error: <ForeignText text={status.lastError} />
        </span>
      )}
    </>
  );
}

function Spooled({ status: { queued, oldestAt }, name }: { status: RouteStatus; name: string }) {
  if (queued === 0) return <span className="text-muted">nothing spooled</span>;
  return (
    <span>
      <TextLink href={`/queue?route=${encodeURIComponent(name)}`}>{queued} spooled</TextLink>
      {oldestAt !== null && (
        <>
          , oldest <Time at={oldestAt} form="age" />
        </>
      )}
    </span>
  );
}

function Targets({ targets }: { targets: RouteStatus["targets"] }) {
  return (
    <ul className="flex flex-col gap-1 border-line border-s ps-2">
      {targets.map(({ target, state, checkedAt, connections, lastError, strippedKeywords }) => (
        <li key={target}>
          <span className="flex flex-wrap items-center gap-x-2">
            <StateBadge state={targetStates[state]}>{targetWords[state]}</StateBadge>
            <span className="font-mono text-sm [overflow-wrap:anywhere]">{target}</span>
            <span className="text-muted">
              {checkedAt !== null && <Time at={checkedAt} form="relative" />}
              {connections > 0 && `, ${connections === 1 ? "1 connection" : `${connections} connections`}`}
            </span>
          </span>
          {state !== "up" && lastError !== null && (
            <span className="block text-muted">
              <ForeignText text={lastError} />
            </span>
          )}
          {strippedKeywords.length > 0 && (
            <span className="block text-muted text-sm">
              Never passed on from its EHLO answer: <ForeignText text={strippedKeywords.join(", ")} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
