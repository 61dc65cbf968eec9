import type { Finding } from "#core/policy/lint/finding.ts";
import { SeverityBadge } from "./severity-badge.tsx";
import { TextLink } from "./text-link.tsx";

export type ShownFinding = Omit<Finding, "path"> & { place: { href: string } | null };

type FindingListProps = {
  findings: readonly ShownFinding[];
  /** Whether each leads to its object: not beside the object itself. */
  linked?: boolean;
};

/** Findings of the lint: what is so, what comes of it, what to do. */
export function FindingList({ findings, linked = true }: FindingListProps) {
  if (findings.length === 0) return null;
  return (
    <ul
      aria-label="Findings"
      className="flex flex-col divide-y divide-line rounded-md border border-line bg-surface px-3"
    >
      {findings.map(({ code, severity, what, why, doThis, source, place }, index) => (
        <li key={`${code} ${index}`} className="flex flex-wrap items-start gap-x-3 gap-y-1 py-2">
          <span className="w-24 shrink-0">
            <SeverityBadge severity={severity} />
          </span>
          <div className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
            <p>
              {linked && place !== null ? (
                <TextLink href={place.href} prefetch={false}>
                  {what}
                </TextLink>
              ) : (
                what
              )}
            </p>
            <p className="text-muted">
              {why} {doThis}
              {source !== null && <> ({source})</>}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
