"use client";
import { type KeyboardEvent, useEffect, useRef, useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { useEditedRule } from "#components/ui/edited-rule.ts";
import { Notice } from "#components/ui/notice.tsx";
import type { FormProblems } from "#components/ui/read-form.ts";
import { useMay } from "#components/ui/signed-in.tsx";
import type { Protocol } from "#core/contract/facts.ts";
import { newRuleId } from "#core/contract/simulation.ts";
import { pastMessageAction, tryMessageAction } from "#lib/simulator/actions.ts";
import type { PastMessage } from "#lib/simulator/queries.ts";
import type { TypedRule } from "#lib/simulator/simulator-input.ts";
import type { Tried } from "#lib/simulator/try-message.ts";
import { ClientFields } from "./client-fields.tsx";
import { MessageFields } from "./message-fields.tsx";
import { RuleTrialResult } from "./rule-trial-result.tsx";
import { blankDraft, draftOf, readTrial, type SimulatorDraft } from "./simulator-draft.ts";

/** What was tried last in this tab: who tries one rule after the other gives the message once. */
let last: { draft: SimulatorDraft; past: PastMessage | null } | null = null;

/** Tries a message under the draft with the rule as it is typed, which is saved nowhere. */
export function RuleTrial({ interfaces }: { interfaces: readonly string[] }) {
  const { place, target, rule, onIncomplete, testsAsked } = useEditedRule();
  const { draft, past, set, choosePast, refusal: pastRefusal } = useTrialDraft(place.protocol, interfaces);
  const [problems, setProblems] = useState<FormProblems>({});
  const [tried, setTried] = useState<{ tried: Tried; rule: string } | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [showsClient, setShowsClient] = useState(draft.recipients === "" && place.protocol === "smtp");
  const [busy, startTransition] = useTransition();
  const heading = useRef<HTMLHeadingElement>(null);
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- each time that it is asked for
  useEffect(() => heading.current?.focus(), [testsAsked]);
  const answer = useRef<HTMLDivElement>(null);
  // The fields above may fill the drawer.
  useEffect(() => {
    if (tried !== null || refusal !== null) answer.current?.scrollIntoView({ block: "nearest" });
  }, [tried, refusal]);
  const typed = JSON.stringify(rule);

  async function tryIt() {
    setTried(null);
    const asked = readTrial(draft, past?.id ?? null, new Date());
    setProblems(asked.ok ? {} : asked.problems);
    if (rule === null) {
      onIncomplete();
      return setRefusal("Not tried: the rule is not complete. Its fields above say what they lack.");
    }
    if (!asked.ok) {
      setShowsClient((shows) => shows || asked.problems["message"] === undefined);
      return setRefusal("Not tried: some fields need another look. They say why.");
    }
    const { proxyActionId, ruleset } = place;
    const policy: TypedRule = { proxyActionId, ruleset, target, rule };
    const result = await answered(tryMessageAction({ ...asked.value, policy }));
    setRefusal(result.ok ? null : result.error.message);
    if (result.ok) setTried({ tried: result.value, rule: typed });
  }

  /** Enter in a field tries, where it would save the rule. */
  function tryByKey(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (!(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    startTransition(tryIt);
  }

  return (
    <section
      aria-label="Test with a message"
      className="flex flex-col gap-3 border-line border-t pt-4"
      onKeyDown={tryByKey}
    >
      <h3 ref={heading} tabIndex={-1} className="font-medium">
        Test with a message
      </h3>
      <p className="text-muted">
        The rule is tried as it stands above, with the rest of the draft. Nothing is saved, sent or counted.
      </p>
      <MessageFields draft={draft} past={past} problem={problems["message"]} onChange={set} onPast={choosePast} />
      {draft.message !== "facts" && (
        <details open={showsClient} onToggle={({ currentTarget }) => setShowsClient(currentTarget.open)}>
          <summary className="w-fit cursor-pointer text-accent">Who connects, and what it says</summary>
          <div className="pt-2">
            <ClientFields draft={draft} interfaces={interfaces} problems={problems} onChange={set} />
          </div>
        </details>
      )}
      <Button className="self-start" disabled={busy} onClick={() => startTransition(tryIt)}>
        {busy ? "Trying…" : "Try this rule"}
      </Button>
      <div ref={answer} aria-live="polite" className="flex flex-col gap-2">
        {(refusal ?? pastRefusal) !== null && <Notice kind="fault">{refusal ?? pastRefusal}</Notice>}
        {tried !== null && tried.rule !== typed && <p className="text-muted">The rule is another one now.</p>}
        {tried !== null && (
          <RuleTrialResult tried={tried.tried} ruleId={target.kind === "edit" ? target.ruleId : newRuleId} />
        )}
      </div>
    </section>
  );
}

/** The message and its client as typed, from where the last trial of this tab left them. */
function useTrialDraft(protocol: Protocol, [first = ""]: readonly string[]) {
  const mayRead = useMay("read-mail");
  const [{ draft, past }, setTrial] = useState(() =>
    last?.draft.protocol === protocol ? last : { draft: { ...blankDraft(first), protocol }, past: null },
  );
  const [refusal, setRefusal] = useState<string | null>(null);
  const change = (to: { draft: SimulatorDraft; past: PastMessage | null }) => {
    last = to;
    setTrial(to);
  };
  return {
    draft,
    past,
    refusal,
    set: (changed: Partial<SimulatorDraft>) => change({ draft: { ...draft, ...changed }, past }),
    async choosePast(id: string) {
      const result = await answered(pastMessageAction({ id }));
      const found = result.ok ? result.value : null;
      setRefusal(found === null ? (result.ok ? "This message is gone." : result.error.message) : null);
      if (found !== null) change({ draft: draftOf(found.input, keptOf(found, mayRead)), past: found });
    },
  };
}

/** The most that can be tried of a past message. */
export function keptOf({ kept, hasFacts }: PastMessage, mayRead: boolean): SimulatorDraft["message"] {
  if (kept !== null && mayRead) return "kept";
  return hasFacts ? "facts" : "none";
}
