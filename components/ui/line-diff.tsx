import { classNames } from "#components/ui/class-names.ts";
import type { DiffHunk, DiffLine } from "#core/text/line-diff.ts";

const looks: Record<DiffLine["kind"], { sign: string; className: string; words: string }> = {
  added: { sign: "+", className: "bg-allow-tint text-allow", words: "added" },
  removed: { sign: "−", className: "bg-deny-tint text-deny", words: "removed" },
  same: { sign: " ", className: "", words: "" },
};

const linesShownMax = 2_000;

/** Two texts side by side, the lines that differ with a few around them. */
export function LineDiff({ hunks }: { hunks: readonly DiffHunk[] }) {
  const total = hunks.reduce((sum, { lines }) => sum + lines.length, 0);
  return (
    <div className="flex flex-col gap-3">
      {total > linesShownMax && (
        <p className="text-muted">
          The first {linesShownMax} of {total} lines.
        </p>
      )}
      {withinCap(hunks).map((hunk) => (
        <div key={`${hunk.beforeLine}-${hunk.afterLine}`} className="rounded-md border border-line font-mono text-sm">
          <p className="border-line border-b bg-sunken px-2 py-1 text-muted">Line {hunk.afterLine}</p>
          {hunk.lines.map(({ kind, text }, index) => (
            <p
              key={index}
              className={classNames("flex whitespace-pre-wrap px-2 [overflow-wrap:anywhere]", looks[kind].className)}
            >
              <span aria-hidden className="w-4 shrink-0 select-none">
                {looks[kind].sign}
              </span>
              {kind !== "same" && <span className="sr-only">{looks[kind].words}: </span>}
              <span className="min-w-0">{text}</span>
            </p>
          ))}
        </div>
      ))}
    </div>
  );
}

function withinCap(hunks: readonly DiffHunk[]): DiffHunk[] {
  let left = linesShownMax;
  return hunks.flatMap((hunk) => {
    const lines = hunk.lines.slice(0, left);
    left -= lines.length;
    return lines.length === 0 ? [] : [{ ...hunk, lines }];
  });
}
