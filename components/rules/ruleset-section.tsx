"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { toSimple } from "#core/policy/simple-ruleset.ts";
import type { ProxyActionView, RulesetView } from "#lib/policies/queries.ts";
import { simpleDefaults } from "./editor/simple-draft.ts";
import { RulesetTable } from "./ruleset-table.tsx";
import { SimpleSummary } from "./simple-summary.tsx";
import { stageTitle } from "./stages.ts";
import { useRuleFindings } from "./use-rule-findings.ts";

type RulesetSectionProps = {
  proxyAction: Pick<ProxyActionView, "id" | "name" | "protocol">;
  ruleset: RulesetView;
  /** The page's address without an editor. */
  baseHref: string;
};

const pressed = "aria-pressed:border-accent aria-pressed:bg-accent-tint";

/** One ruleset, as patterns where all of its rules have that shape, else as a row a rule. */
export function RulesetSection({ proxyAction, ruleset, baseHref }: RulesetSectionProps) {
  const findings = useRuleFindings();
  const { stage, rules, noneMatched } = ruleset;
  const read = toSimple(
    { rules: rules.map(({ rule }) => rule), noneMatched },
    simpleDefaults(proxyAction.protocol, stage),
  );
  const [view, setView] = useState<"simple" | "advanced">("simple");
  const simple = view === "simple" && read.ok ? read.simple : null;
  const views = (
    <span role="group" aria-label={`View of ${stageTitle(stage).toLowerCase()} rules`} className="flex gap-1">
      <Button
        className={pressed}
        size="small"
        aria-pressed={simple !== null}
        disabled={!read.ok}
        onClick={() => setView("simple")}
      >
        Simple
      </Button>
      <Button className={pressed} size="small" aria-pressed={simple === null} onClick={() => setView("advanced")}>
        Advanced
      </Button>
    </span>
  );
  const flagged = rules.filter(({ id }) => findings.has(id)).length;
  return (
    <section id={`rules-${stage}`} className="flex min-w-0 scroll-mt-4 flex-col gap-1">
      {simple === null ? (
        <RulesetTable
          proxyActionId={proxyAction.id}
          proxyAction={proxyAction.name}
          ruleset={ruleset}
          baseHref={baseHref}
          views={views}
        />
      ) : (
        <SimpleSummary proxyAction={proxyAction} stage={stage} simple={simple} baseHref={baseHref} views={views} />
      )}
      {simple !== null && flagged > 0 && (
        <p>The lint has something to say of {flagged === 1 ? "1 rule" : `${flagged} rules`}: see the advanced view.</p>
      )}
      {!read.ok && <p className="text-muted">No simple view: {read.why}</p>}
    </section>
  );
}
