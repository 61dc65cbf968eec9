import { StateBadge } from "#components/ui/state-badge.tsx";
import { Time } from "#components/ui/time.tsx";
import type { AcknowledgementView } from "#lib/revisions/queries.ts";

/** What the workers said to a revision. */
export function AcknowledgementList({ answers }: { answers: readonly AcknowledgementView[] }) {
  if (answers.length === 0) return <p className="text-muted">No worker has answered.</p>;
  return (
    <ul className="flex flex-col gap-2">
      {answers.map(({ workerId, workerName, at, applied, error }) => (
        <li key={workerId} className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <StateBadge state={applied ? "up" : "down"}>{applied ? "applied" : "not applied"}</StateBadge>
          <span className="font-medium">{workerName}</span>
          <Time at={at} />
          {error !== null && (
            <span className="basis-full whitespace-pre-line text-deny [overflow-wrap:anywhere]">{error}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
