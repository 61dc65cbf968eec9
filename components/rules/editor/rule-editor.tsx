"use client";
import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { EditedRuleContext } from "#components/ui/edited-rule.ts";
import { FormNotices } from "#components/ui/form-notices.tsx";
import { useDraftForm } from "#components/ui/use-draft-form.ts";
import type { Meanwhile } from "#components/ui/use-opened.ts";
import { type Rule, ruleSchema } from "#core/contract/rule.ts";
import { goesOn } from "#core/policy/decide.ts";
import { actionWords } from "#core/policy/explain.ts";
import { addRuleAction, editRuleAction } from "#lib/proxy-actions/actions.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { stageTitle, stageWhat } from "../stages.ts";
import { useConditionPlace } from "./rule-choices.tsx";
import { readRuleDraft, ruleDraftOf } from "./rule-draft.ts";
import { RuleFields } from "./rule-fields.tsx";
import { RuleSamples } from "./rule-samples.tsx";

/** A rule that exists, at the version that the page read, or one that is put before another (null: at the end). */
export type RuleTarget = { kind: "edit"; ruleId: string; version: number } | { kind: "new"; before: string | null };

type RuleEditorProps = {
  target: RuleTarget;
  place: RulePlace;
  initial: Rule;
  /** Where the page is without the editor. */
  closeHref: string;
  /** What somebody else did to the rule since it was opened. */
  meanwhile?: Meanwhile;
  /** What tries it, once that is asked for; it has the rule from useEditedRule. */
  trial: ReactNode;
  /** What is known of the rule, below its fields. */
  children?: ReactNode;
};

const contentSchema = ruleSchema.omit({ id: true });

/** Name, state, conditions, action and reply of one rule, into the draft. What was typed survives every refusal. */
export function RuleEditor({ target, place, initial, closeHref, meanwhile = null, trial, children }: RuleEditorProps) {
  const { proxyActionId, ruleset } = place;
  const conditionPlace = useConditionPlace(place);
  const [start] = useState(() => ruleDraftOf(initial));
  const form = useDraftForm({
    closeHref,
    object: target.kind === "new" ? `new rule of ${proxyActionId} ${ruleset}` : `rule ${target.ruleId}`,
    opened: target.kind === "new" ? null : { version: target.version, value: withoutId(initial) },
    initial: start,
    schema: contentSchema,
    draftOf: ruleDraftOf,
    read: (draft) => readRuleDraft(draft, conditionPlace),
  });
  const { draft, read } = form;
  const [confirming, setConfirming] = useState(false);
  /** How often it was asked to test it: each leads to the test again. */
  const [tests, setTests] = useState(0);

  const save = () =>
    form.save({
      ask: (rule, version) =>
        target.kind === "new" || version === null
          ? addRuleAction({ proxyActionId, ruleset, before: target.kind === "new" ? target.before : null, rule })
          : editRuleAction({ ruleId: target.ruleId, version, rule }),
      done: ({ name }) => `Rule “${name}” saved to the draft.`,
    });

  function submit() {
    if (read.ok && read.value.when === undefined && !goesOn(read.value.action, ruleset)) setConfirming(true);
    else save();
  }

  return (
    <DraftDrawer
      title={target.kind === "edit" ? "Edit rule" : "Add rule"}
      description={`${place.proxyAction}, ${stageTitle(ruleset).toLowerCase()} ruleset`}
      refusal={form.refusal}
      disabled={form.busy}
      onClose={form.close}
      onDiscard={form.discard}
      onSave={submit}
      command={<Button onClick={() => setTests(tests + 1)}>Test with a message</Button>}
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
              This rule matches <strong>every {stageWhat(ruleset)}</strong> that reaches it in {place.proxyAction}:{" "}
              {actionWords(read.value.action)}. No rule below it is ever asked.
            </p>
          )}
        </ConfirmDialog>
      }
    >
      <FormNotices form={form} what="rule" schema={contentSchema} meanwhile={meanwhile} />
      <RuleFields
        key={form.generation}
        draft={draft}
        place={place}
        problems={form.tried && !read.ok ? read.problems : {}}
        tried={form.tried}
        onChange={form.set}
      />
      {tests > 0 && (
        <EditedRuleContext
          value={{
            place,
            target: target.kind === "edit" ? { kind: "edit", ruleId: target.ruleId } : target,
            rule: read.ok ? read.value : null,
            onIncomplete: form.showProblems,
            testsAsked: tests,
          }}
        >
          {trial}
        </EditedRuleContext>
      )}
      <RuleSamples rule={read.ok ? read.value : null} place={place} />
      {children}
    </DraftDrawer>
  );
}

function withoutId({ id: _, ...content }: Rule): Omit<Rule, "id"> {
  return content;
}
