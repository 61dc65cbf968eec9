"use client";
import { Panel } from "#components/ui/panel.tsx";
import { RuleLink } from "#components/ui/rule-link.tsx";
import { RuleLooks } from "#components/ui/rule-looks.tsx";
import { Time } from "#components/ui/time.tsx";
import { toldLook } from "#components/ui/told-look.ts";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import type { Replayed } from "#core/policy/replay.ts";
import type { TriedFacts } from "#lib/simulator/try-facts.ts";

/** What would be decided of a past message by its facts, its content being gone. */
export function FactsResult({ tried }: { tried: TriedFacts }) {
  const { at, was, replayed, steps, omitted, live } = tried;
  return (
    <>
      <Panel title="What would become of it">
        <div className="flex flex-col gap-3">
          <ByFacts replayed={replayed} />
          <p className="flex flex-wrap items-center gap-2 text-muted">
            <span>
              When it came, <Time at={at} />, it was
            </span>{" "}
            <VerdictBadge verdict={was} />
          </p>
          {live !== null && (
            <p className="flex flex-wrap items-center gap-2">
              Under r{live.number}, which is live: <Short replayed={live.replayed} />
            </p>
          )}
          <p className="text-muted">
            It is tried by what is kept of how it was judged, at the time when it came: what rules saw of it then, not
            its text. Replies and changes are not known so.
          </p>
        </div>
      </Panel>
      {steps.length > 0 && (
        <Panel title={`Rules that are asked (${steps.length + omitted})`}>
          <RuleLooks
            looks={steps.map(toldLook)}
            decidedBy={replayed.rule === null ? [] : [replayed.rule.id]}
            unsaid="cannot be said"
          />
          {omitted > 0 && <p className="mt-2 text-muted">{omitted} more are not shown.</p>}
        </Panel>
      )}
    </>
  );
}

/** What is decided, or why that cannot be said. */
export function ByFacts({ replayed }: { replayed: Replayed }) {
  if (replayed.kind === "not-replayable")
    return <p>It cannot be said by its facts: {whyOf(replayed)}. Add its .eml file to try it whole.</p>;
  const { rule, verdict } = replayed;
  return (
    <p className="flex flex-wrap items-center gap-2">
      <VerdictBadge verdict={verdict} />
      {rule === null ? (
        "No rule decides."
      ) : (
        <span>
          Decided by <RuleLink id={rule.id} name={rule.name} />.
        </span>
      )}
    </p>
  );
}

function Short({ replayed }: { replayed: Replayed }) {
  if (replayed.kind === "not-replayable") return <span>it cannot be said, {whyOf(replayed)}</span>;
  return (
    <>
      <VerdictBadge verdict={replayed.verdict} />
      {replayed.rule !== null && <span>by “{replayed.rule.name}”</span>}
    </>
  );
}

function whyOf({ why, rule }: Extract<Replayed, { kind: "not-replayable" }>): string {
  return rule === null ? why : `of the rule “${rule.name}”, ${why}`;
}
