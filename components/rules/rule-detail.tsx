import { findingHref } from "#components/ui/finding-href.ts";
import { formatTimestamp } from "#components/ui/format.ts";
import { useListGlance } from "#components/ui/list-glances.tsx";
import { ListLink } from "#components/ui/list-link.tsx";
import { SeverityBadge } from "#components/ui/severity-badge.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { useZone } from "#components/ui/zone.tsx";
import { conditionLists } from "#core/policy/condition-lists.ts";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";
import type { RuleView } from "#lib/policies/queries.ts";

type RuleDetailProps = {
  view: RuleView;
  sentence: string;
  findings: readonly FindingView[];
};

/** A rule in full: its sentence, what its lists hold, what the lint says of it, and what its counters say. */
export function RuleDetail({ view, sentence, findings }: RuleDetailProps) {
  const zone = useZone();
  const asked = new Set(conditionLists(view.rule.when));
  return (
    <div className="flex flex-col gap-1 py-1 ps-2 [overflow-wrap:anywhere] sm:ps-18">
      <p>{sentence}</p>
      {[...asked].map((name) => (
        <ListWords key={name} name={name} />
      ))}
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
        {hitWords(view, zone)}{" "}
        <TextLink href={`/messages?rule=${view.id}`} prefetch={false}>
          Messages that it decided
        </TextLink>
      </p>
    </div>
  );
}

function ListWords({ name }: { name: string }) {
  const list = useListGlance(name);
  if (list === undefined) return null;
  const { kind, first, count } = list;
  const left = count - first.length;
  return (
    <p>
      <ListLink name={name} />
      {`, ${kind}: `}
      {count === 0 ? "empty" : <span className="font-mono">{first.join(", ")}</span>}
      {left > 0 && ` and ${left.toLocaleString("en")} more`}
    </p>
  );
}

function hitWords({ hits, countedSince, resetBy }: RuleView, zone: string): string {
  if (countedSince === null) return "Nothing is counted before it is published.";
  const reset = resetBy === undefined ? "" : `, when ${resetBy} reset its counters`;
  const since = `${formatTimestamp(new Date(countedSince), zone)}${reset}`;
  if (hits === null) return `No hit since counting began, ${since}.`;
  const observed = hits.observed === 0 ? "" : ` and ${hits.observed} observed`;
  return `${hits.enforced} hits${observed} in 24 h, the last ever at ${formatTimestamp(new Date(hits.lastHitAt), zone)}; counted since ${since}.`;
}
