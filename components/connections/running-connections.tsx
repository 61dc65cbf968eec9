import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PermissionGate } from "#components/ui/permission-gate.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { RunningSessions } from "#lib/connections/queries.ts";
import { RunningTable } from "./running-table.tsx";

type RunningConnectionsProps = {
  running: RunningSessions;
  /** The name of the interface that is shown; null: all of them. */
  scope: string | null;
};

/** What the workers say that runs now, and which of them do not say. */
export function RunningConnections({ running, scope }: RunningConnectionsProps) {
  const { sessions, unlisted, workers, silent } = running;
  return (
    <div className="flex flex-col gap-3">
      {silent.map(({ worker, reason }) => (
        <Notice key={worker} kind="fault">
          Worker {worker} does not answer; its connections are not shown. {reason}{" "}
          <TextLink href="/workers">Workers</TextLink>
        </Notice>
      ))}
      {sessions.length > 0 && (
        <PermissionGate permission="operate" what="Ending a connection">
          <RunningTable sessions={sessions} />
        </PermissionGate>
      )}
      {unlisted > 0 && (
        <p className="text-muted">
          {sessions.length} shown, those that began first; {unlisted} more run
          {scope === null ? "." : ", at whichever interface."}
        </p>
      )}
      {sessions.length + unlisted === 0 && silent.length < workers && (
        <EmptyState title={scope === null ? "Nobody is connected" : `Nobody is connected at ${scope}`}>
          A connection is here from its greeting to its end, and can be ended from here.
        </EmptyState>
      )}
      {workers === 0 && (
        <EmptyState title="No worker is enrolled">Connections appear once a worker serves clients.</EmptyState>
      )}
    </div>
  );
}
