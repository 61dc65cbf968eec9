import { findingHref } from "#components/ui/finding-href.ts";
import { formatTimestamp } from "#components/ui/format.ts";
import { SeverityBadge } from "#components/ui/severity-badge.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";
import type { RuleView } from "#lib/policies/queries.ts";

type RuleDetailProps = {
  view: RuleView;
  sentence: string;
  findings: readonly FindingView[];
  /** Since when hits are counted, ISO 8601; null: nothing was published yet. */
  countedSince: string | null;
};

/** A rule in full: its sentence, what the lint says of it, and what its counters say. */
export function RuleDetail({ view, sentence, findings, countedSince }: RuleDetailProps) {
  return (
    <div className="flex flex-col gap-1 py-1 ps-2 [overflow-wrap:anywhere] sm:ps-18">
      <p>{sentence}</p>
      {findings.map(({ code, severity, what, why, doThis, related, traffic }) => (
        <p key={`${code} ${what}`}>
          <SeverityBadge severity={severity} /> {what} {why} {doThis} {traffic}{" "}
          {related !== null && (
            <TextLink href={findingHref(related)} prefetch={false}>
              What comes first
            </TextLink>
          )}
        </p>
      ))}
      <p className="text-muted">
        {hitWords(view, countedSince)}{" "}
        <TextLink href={`/messages?rule=${view.id}`} prefetch={false}>
          Messages that it decided
        </TextLink>
      </p>
    </div>
  );
}

function hitWords({ hits }: RuleView, countedSince: string | null): string {
  if (countedSince === null) return "Nothing is counted before the first revision is published.";
  const since = formatTimestamp(new Date(countedSince));
  if (hits === null) return `No hit since counting began, ${since}.`;
  const observed = hits.observed === 0 ? "" : ` and ${hits.observed} observed`;
  return `${hits.enforced} hits${observed} in 24 h, the last ever at ${formatTimestamp(new Date(hits.lastHitAt))}; counted since ${since}.`;
}
