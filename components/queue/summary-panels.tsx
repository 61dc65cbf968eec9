import { formatBytes } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import type { QueueStates } from "#lib/queue/destinations.ts";
import type { QueueSummary } from "#lib/queue/summary.ts";
import { CauseGroups } from "./cause-groups.tsx";
import { DestinationTable } from "./destination-table.tsx";
import { countMessages } from "./queue-results.tsx";

type SummaryPanelsProps = {
  summary: QueueSummary;
  states: Pick<QueueStates, "suspended" | "paced">;
  /** Of the interface that is shown; null: all of them. */
  address: string | null;
};

/** What the queue looks like: why mail waits, and for whom how long. */
export function SummaryPanels({ summary, states, address }: SummaryPanelsProps) {
  const { total, bytes, destinations, heat, groups } = summary;
  return (
    <div className="mb-4 flex flex-col gap-4">
      {groups.length > 0 && (
        <Panel title="Why mail waits">
          <CauseGroups groups={groups} address={address} />
          <p className="mt-2 max-w-prose text-muted">
            It was accepted and is safe on the worker’s disk. A server that is down is asked every 2 to 30 seconds, and
            gets its mail by itself once it is back. Where a server asks to try later, and for mail by MX, the route’s
            schedule says when. What is held, suspended or has failed waits for you.
          </p>
        </Panel>
      )}
      <Panel
        title="Destinations by age"
        actions={
          <span className="text-muted">
            {countMessages(total)}, {formatBytes(bytes)}
          </span>
        }
      >
        <DestinationTable heat={heat} destinations={destinations} states={states} address={address} />
        {address !== null && (
          <p className="mt-1 text-muted">A destination is suspended and probed for the mail of every interface.</p>
        )}
      </Panel>
    </div>
  );
}
