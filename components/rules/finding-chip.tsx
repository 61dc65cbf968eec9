import { SeverityBadge } from "#components/ui/severity-badge.tsx";
import { severities } from "#core/policy/lint/finding.ts";
import type { FindingView } from "#core/policy/lint/lint-draft.ts";

type FindingChipProps = {
  findings: readonly FindingView[];
  name: string;
  unfolded: boolean;
  onUnfold: () => void;
};

/** That the lint has something to say of a rule: the worst of it, the way to its words, and to the rule that comes first. */
export function FindingChip({ findings, name, unfolded, onUnfold }: FindingChipProps) {
  const worst = severities.find((severity) => findings.some((finding) => finding.severity === severity));
  if (worst === undefined) return null;
  const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  const first = findings.find(({ related }) => related?.kind === "rule")?.related ?? null;
  return (
    <>
      <button
        type="button"
        aria-expanded={unfolded}
        aria-label={`${count} about rule ${name}, at worst ${worst}`}
        title={findings.map(({ what }) => what).join(" ")}
        onClick={onUnfold}
        className="inline-flex shrink-0 items-center rounded-sm"
      >
        <SeverityBadge severity={worst} />
      </button>
      {first !== null && (
        <a
          href={`#rule-${first.id}`}
          aria-label={`What comes before rule ${name}: ${first.name}`}
          title={`To the rule “${first.name}”, which comes first`}
          className="max-w-32 shrink-0 truncate rounded-sm text-accent text-sm underline decoration-1 underline-offset-2"
        >
          ↑ {first.name}
        </a>
      )}
    </>
  );
}
