import type { ReactNode } from "react";
import { LinkButton } from "#components/ui/link-button.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import { verdictOf } from "#core/contract/decision.ts";
import { facts, type Stage } from "#core/contract/facts.ts";
import { actionWords } from "#core/policy/explain.ts";
import type { SimpleRuleset } from "#core/policy/simple-ruleset.ts";
import type { ProxyActionView } from "#lib/policies/queries.ts";
import { editorHref } from "./editor-href.ts";
import { stageTitle, stageWhat } from "./stages.ts";

const patternsShownMax = 24;

type SimpleSummaryProps = {
  proxyAction: Pick<ProxyActionView, "id" | "name">;
  stage: Stage;
  simple: SimpleRuleset;
  baseHref: string;
  views: ReactNode;
};

/** A ruleset as its patterns, what happens to a match, and what to the rest. */
export function SimpleSummary({ proxyAction, stage, simple, baseHref, views }: SimpleSummaryProps) {
  const { fact, patterns, matched, noneMatched } = simple;
  const left = patterns.length - patternsShownMax;
  return (
    <>
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-semibold">{stageTitle(stage)}</h3>
        <span className="flex flex-wrap items-center gap-2">
          {views}
          <LinkButton
            href={editorHref(baseHref)("simple", `${proxyAction.id}:${stage}`)}
            size="small"
            scroll={false}
            prefetch={false}
            aria-label={`Edit patterns of ${stage} of ${proxyAction.name}`}
          >
            Edit patterns
          </LinkButton>
        </span>
      </header>
      <dl className="grid gap-x-4 gap-y-1 rounded-md border border-line bg-surface p-3 sm:grid-cols-[8rem_1fr]">
        {patterns.length > 0 && (
          <>
            <dt className="text-muted first-letter:uppercase">{facts[fact].words}</dt>
            <dd className="min-w-0">
              <ul className="flex flex-wrap gap-x-3 gap-y-1 font-mono text-sm">
                {patterns.slice(0, patternsShownMax).map((pattern) => (
                  <li key={pattern} className="[overflow-wrap:anywhere]">
                    {pattern}
                  </li>
                ))}
                {left > 0 && <li className="text-muted">and {left} more</li>}
              </ul>
            </dd>
            <dt className="text-muted">If matched</dt>
            <dd className="flex min-w-0 flex-wrap items-center gap-2">
              <VerdictBadge verdict={verdictOf(matched.kind)} /> {detailWords(matched)}
            </dd>
          </>
        )}
        <dt className="text-muted">{patterns.length === 0 ? `Every ${stageWhat(stage)}` : "None matched"}</dt>
        <dd className="flex min-w-0 flex-wrap items-center gap-2">
          <VerdictBadge verdict={verdictOf(noneMatched.action.kind)} /> {detailWords(noneMatched.action)}
        </dd>
      </dl>
    </>
  );
}

/** What the badge does not say. */
function detailWords(action: SimpleRuleset["matched"]): string {
  const words = actionWords(action);
  return words === action.kind ? "" : words;
}
