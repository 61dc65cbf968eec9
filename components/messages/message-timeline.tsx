import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Time } from "#components/ui/time.tsx";
import type { TimelineEntry } from "./timeline.ts";

/** What happened, in order. */
export function MessageTimeline({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className="flex flex-col gap-2 border-line border-s-2 ps-3">
      {entries.map((entry, index) => (
        <li key={index} className="grid gap-x-3 sm:grid-cols-[11rem_1fr]">
          <span className="text-muted">{entry.at && <Time at={entry.at} />}</span>
          <div className="min-w-0 [overflow-wrap:anywhere]">
            <p>
              <ForeignText text={entry.title} />
              {entry.quote !== undefined && (
                <>
                  {" "}
                  <span className="font-mono text-sm">
                    <ForeignText text={entry.quote} />
                  </span>
                </>
              )}
            </p>
            {entry.next !== undefined && (
              <p className="text-muted text-sm">
                Next attempt <Time at={entry.next} />
              </p>
            )}
            {entry.notes?.map((note, line) => (
              <p key={line} className="font-mono text-muted text-sm">
                <ForeignText text={note} />
              </p>
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}
