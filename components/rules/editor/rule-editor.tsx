"use client";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { Rule } from "#core/contract/rule.ts";
import { goesOn } from "#core/policy/decide.ts";
import { actionWords } from "#core/policy/explain.ts";
import { addRuleAction, editRuleAction } from "#lib/proxy-actions/actions.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { stageTitle, stageWhat } from "../stages.ts";
import { actionFormOf } from "./action-form.ts";
import { formOf } from "./condition-rows.ts";
import { type RuleDraft, readRuleDraft } from "./rule-draft.ts";
import { RuleFields } from "./rule-fields.tsx";

/** A rule that exists, at the version that the page read, or one that is put before another (null: at the end). */
export type RuleTarget = { kind: "edit"; ruleId: string; version: number } | { kind: "new"; before: string | null };

type RuleEditorProps = {
  target: RuleTarget;
  place: RulePlace;
  initial: Rule;
  /** Where the page is without the editor. */
  closeHref: string;
  /** What somebody else did to the rule since it was opened. */
  meanwhile?: "changed" | "deleted" | null;
};

/** Name, state, conditions, action and reply of one rule, into the draft. What was typed survives every refusal. */
export function RuleEditor({ target, place, initial, closeHref, meanwhile = null }: RuleEditorProps) {
  const router = useRouter();
  const toast = useToast();
  const [draft, setDraft] = useState(() => draftOf(initial));
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [confirming, setConfirming] = useState(false);
  const [saved, setSaved] = useState(false);
  const [busy, startTransition] = useTransition();
  const read = readRuleDraft(draft);
  const problems = tried && !read.ok ? read.problems : {};
  const close = () => router.push(closeHref, { scroll: false });

  async function save() {
    if (!read.ok) return;
    const result =
      target.kind === "edit"
        ? await answered(editRuleAction({ ruleId: target.ruleId, version: target.version, rule: read.rule }))
        : await answered(
            addRuleAction({
              proxyActionId: place.proxyActionId,
              ruleset: place.ruleset,
              before: target.before,
              rule: read.rule,
            }),
          );
    if (!result.ok) {
      setRefusal(result.error.message);
      return;
    }
    setSaved(true);
    toast("done", `Rule “${read.rule.name}” saved to the draft.`, result.undo);
    close();
  }

  function submit() {
    setTried(true);
    setRefusal(null);
    if (!read.ok) return;
    if (read.rule.when === undefined && !goesOn(read.rule.action, place.ruleset)) setConfirming(true);
    else startTransition(save);
  }

  const set = (change: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...change }));
  return (
    <DraftDrawer
      title={target.kind === "edit" ? "Edit rule" : "Add rule"}
      description={`${place.proxyAction}, ${stageTitle(place.ruleset).toLowerCase()} ruleset`}
      refusal={refusal}
      disabled={busy}
      onClose={close}
      onSave={submit}
      dialogs={
        <ConfirmDialog
          open={confirming}
          onOpenChange={setConfirming}
          title="A rule without conditions"
          confirmLabel="Save a rule that matches everything"
          onConfirm={save}
        >
          {read.ok && (
            <p>
              This rule matches <strong>every {stageWhat(place.ruleset)}</strong> that reaches it in {place.proxyAction}
              : {actionWords(read.rule.action)}. No rule below it is ever asked.
            </p>
          )}
        </ConfirmDialog>
      }
    >
      {meanwhile !== null && !saved && (
        <Notice kind="warning">
          Somebody {meanwhile} this rule while you have it open. Saving yours will be refused; your input stays here.
        </Notice>
      )}
      <RuleFields draft={draft} place={place} problems={problems} onChange={set} />
    </DraftDrawer>
  );
}

function draftOf({ name, state, when, action, log, alarm, expires }: Rule): RuleDraft {
  const conditions = formOf(when);
  return {
    name,
    state,
    conditions: conditions ?? { join: "all", rows: [] },
    yaml: conditions === null ? { ok: true, when } : null,
    action: actionFormOf(action),
    log,
    alarm,
    expires,
  };
}
