import type { FindingView } from "#core/policy/lint/lint-draft.ts";
import { findingHref } from "./finding-href.ts";
import { SeverityBadge } from "./severity-badge.tsx";
import { TextLink } from "./text-link.tsx";

type FindingListProps = {
  findings: readonly FindingView[];
  /** Whether each leads to its object: not beside the object itself. */
  linked?: boolean;
};

/** Findings of the lint: what is so, what comes of it, what came through there, what to do. */
export function FindingList({ findings, linked = true }: FindingListProps) {
  if (findings.length === 0) return null;
  return (
    <ul
      aria-label="Findings"
      className="flex flex-col divide-y divide-line rounded-md border border-line bg-surface px-3"
    >
      {findings.map(({ code, severity, what, why, doThis, source, place, related, traffic }, index) => (
        <li key={`${code} ${index}`} className="flex flex-wrap items-start gap-x-3 gap-y-1 py-2">
          <span className="w-24 shrink-0">
            <SeverityBadge severity={severity} />
          </span>
          <div className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
            <p>
              {linked && place !== null ? (
                <TextLink href={findingHref(place)} prefetch={false}>
                  {what}
                </TextLink>
              ) : (
                what
              )}
            </p>
            <p className="text-muted">
              {why} {doThis}
              {source !== null && <> ({source})</>}{" "}
              {related !== null && (
                <TextLink href={findingHref(related)} prefetch={false}>
                  What comes first
                </TextLink>
              )}
            </p>
            {traffic !== null && <p className="text-muted">{traffic}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}
