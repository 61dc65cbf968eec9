import { ForeignText } from "#components/ui/foreign-text.tsx";
import { formatSpan } from "#components/ui/format.ts";
import type { ConnectionEvent } from "#core/contract/event.ts";

/** The commands and the first line of each answer, in order, with the time since the beginning. */
export function ConnectionTrace({ event: { trace, untraced } }: { event: ConnectionEvent }) {
  if (trace.length === 0) return <p className="text-muted">Nothing was said.</p>;
  return (
    <>
      <ol className="flex flex-col gap-2 border-line border-s-2 ps-3">
        {trace.map(({ atMs, command, reply }, index) => (
          <li key={index} className="grid gap-x-3 sm:grid-cols-[6rem_1fr]">
            <span className="text-muted">{sinceBegin(atMs)}</span>
            <div className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">
              <p>
                <ForeignText text={command} empty={index === 0 ? "(greeting)" : "(unasked)"} />
              </p>
              <p className="text-muted">
                <ForeignText text={reply} empty="no answer" />
              </p>
            </div>
          </li>
        ))}
      </ol>
      {untraced > 0 && (
        <p className="mt-2 text-muted">
          {untraced === 1 ? "1 more command is" : `${untraced} more commands are`} not kept.
        </p>
      )}
    </>
  );
}

function sinceBegin(atMs: number): string {
  return atMs < 10_000 ? `${(atMs / 1_000).toFixed(3)} s` : formatSpan(atMs);
}
