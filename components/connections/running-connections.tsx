import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { RunningSessions } from "#lib/connections/queries.ts";
import { RunningTable } from "./running-table.tsx";

/** What the workers say that runs now, and which of them do not say. */
export function RunningConnections({ running: { sessions, total, workers, silent } }: { running: RunningSessions }) {
  return (
    <div className="flex flex-col gap-3">
      {silent.map(({ worker, reason }) => (
        <Notice key={worker} kind="fault">
          Worker {worker} does not answer; its connections are not shown. {reason}{" "}
          <TextLink href="/workers">Workers</TextLink>
        </Notice>
      ))}
      {sessions.length > 0 && <RunningTable sessions={sessions} />}
      {total > sessions.length && (
        <p className="text-muted">
          {sessions.length} of {total}: those that began first.
        </p>
      )}
      {total === 0 && silent.length < workers && (
        <EmptyState title="Nobody is connected">
          A connection is here from its greeting to its end, and can be ended from here.
        </EmptyState>
      )}
      {workers === 0 && (
        <EmptyState title="No worker is enrolled">Connections appear once a worker serves clients.</EmptyState>
      )}
    </div>
  );
}
