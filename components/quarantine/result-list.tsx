import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { QuarantineResult } from "#lib/quarantine/quarantine-input.ts";
import { countEntries } from "./kept-words.ts";

/** What the workers did not do, with their reasons. */
export function ResultList({ results }: { results: readonly QuarantineResult[] }) {
  const refused = results.filter(({ done }) => !done);
  if (refused.length === 0) return null;
  return (
    <Notice kind="fault">
      <p>Refused or not confirmed for {countEntries(refused.length)}:</p>
      <ul>
        {refused.map(({ workerId, id, reason }) => (
          <li key={`${workerId} ${id}`}>
            <span className="font-mono text-sm">{id}</span>: <ForeignText text={reason} empty="no reason given" />
          </li>
        ))}
      </ul>
    </Notice>
  );
}
