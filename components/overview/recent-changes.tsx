import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { RecentChange } from "#lib/overview/queries.ts";

/** What people changed last. */
export function RecentChanges({ changes }: { changes: readonly RecentChange[] }) {
  if (changes.length === 0) return <p className="text-muted">Nothing was changed yet.</p>;
  return (
    <ul className="flex flex-col gap-1">
      {changes.map(({ sequence, at, actor, object, summary }) => (
        <li key={sequence} className="flex flex-wrap justify-between gap-x-3">
          <span className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
            {object}: {summary} <span className="text-muted">by {actor}</span>
          </span>
          <span className="text-muted">
            <Time at={at} form="relative" />
          </span>
        </li>
      ))}
      <li className="pt-1">
        <TextLink href="/audit">Audit log</TextLink>
      </li>
    </ul>
  );
}
