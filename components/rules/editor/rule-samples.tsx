"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { VerdictBadge } from "#components/ui/verdict-badge.tsx";
import type { Rule } from "#core/contract/rule.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { findRuleSamplesAction } from "#lib/rule-samples/actions.ts";
import type { RuleSamples as Found } from "#lib/rule-samples/queries.ts";

/** `rule`: as it is in the editor; null while it is not complete. */
type RuleSamplesProps = { rule: Omit<Rule, "id"> | null; place: RulePlace };
type Answer = { rule: string; found: Found } | { rule: string; refusal: string };

/** Messages of the last 24 hours that the rule in the editor matches, looked for when asked. */
export function RuleSamples({ rule, place: { proxyActionId, ruleset } }: RuleSamplesProps) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [busy, startTransition] = useTransition();
  const asked = JSON.stringify([rule?.when, rule?.action.kind]);
  const look = () =>
    startTransition(async () => {
      if (rule === null) return;
      const result = await answered(findRuleSamplesAction({ proxyActionId, ruleset, rule }));
      setAnswer(result.ok ? { rule: asked, found: result.value } : { rule: asked, refusal: result.error.message });
    });
  return (
    <section aria-label="Messages that match" className="flex flex-col gap-2 border-line border-t pt-4">
      <h3 className="font-medium">Messages of the last 24 hours that match</h3>
      <Button className="self-start" size="small" disabled={busy || rule === null} onClick={look}>
        {busy ? "Looking …" : "Look for them"}
      </Button>
      <div aria-live="polite" className="flex flex-col gap-2">
        {answer !== null && answer.rule !== asked && <p className="text-muted">The rule is another one now.</p>}
        {answer !== null && "refusal" in answer && <Notice kind="fault">{answer.refusal}</Notice>}
        {answer !== null && "found" in answer && <FoundSamples found={answer.found} />}
      </div>
    </section>
  );
}

function FoundSamples({ found: { samples, matching, looked, isCut, unsaid } }: { found: Found }) {
  const unknown = unsaid.reduce((sum, { messages }) => sum + messages, 0);
  return (
    <>
      <p>
        {matching} of {looked} messages{isCut && " (the newest)"} match, whatever the rules above make of them.
        {matching > samples.length && ` These are the newest ${samples.length}.`}
      </p>
      <ul className="flex flex-col gap-1">
        {samples.map(({ id, at, sender, subject, verdict }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-2 [overflow-wrap:anywhere]">
            <VerdictBadge verdict={verdict} />
            <TextLink href={`/messages/${id}`}>
              <ForeignText text={subject} empty="(no subject)" />
            </TextLink>
            <span className="text-muted">
              <ForeignText text={sender} empty="(no sender)" />, <Time at={at} form="relative" />
            </span>
          </li>
        ))}
      </ul>
      {unknown > 0 && (
        <details>
          <summary className="w-fit cursor-pointer text-accent">
            Of {unknown} of {looked} it cannot be said
          </summary>
          <ul className="mt-1 text-muted">
            {unsaid.map(({ why, messages }) => (
              <li key={why}>
                {messages}: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
