import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { QueueCommandResult } from "#lib/queue/selection.ts";

/** What the workers said to a command where it was not simply done: what they refused, and what they did in another way than asked. */
export function QueueResults({ results }: { results: readonly QueueCommandResult[] }) {
  const refused = results.filter(({ done }) => !done);
  const remarked = results.filter(({ done, reason }) => done && reason !== null);
  return (
    <>
      {refused.length > 0 && (
        <Notice kind="fault">
          <p>Refused or not confirmed for {countMessages(refused.length)}:</p>
          <ReasonList results={refused} />
        </Notice>
      )}
      {remarked.length > 0 && (
        <Notice kind="warning">
          <p>Accepted for {countMessages(remarked.length)}, with a remark of the worker:</p>
          <ReasonList results={remarked} />
        </Notice>
      )}
    </>
  );
}

function ReasonList({ results }: { results: readonly QueueCommandResult[] }) {
  return (
    <ul>
      {results.map(({ workerId, id, reason }) => (
        <li key={`${workerId} ${id}`}>
          <span className="font-mono text-sm">{id}</span>: <ForeignText text={reason} empty="no reason given" />
        </li>
      ))}
    </ul>
  );
}

export function countMessages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}
