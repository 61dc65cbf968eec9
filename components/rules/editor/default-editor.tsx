"use client";
import { useState } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { FormNotices } from "#components/ui/form-notices.tsx";
import type { ReadForm } from "#components/ui/read-form.ts";
import { useDraftForm } from "#components/ui/use-draft-form.ts";
import { noneMatchedSchema, type Ruleset } from "#core/contract/rule.ts";
import { actionWords } from "#core/policy/explain.ts";
import { editNoneMatchedAction } from "#lib/proxy-actions/actions.ts";
import type { RulePlace } from "#lib/proxy-actions/queries.ts";
import { stageTitle, stageWhat } from "../stages.ts";
import { ActionFields } from "./action-fields.tsx";
import { type ActionForm, actionFormOf, readAction } from "./action-form.ts";

type NoneMatched = Ruleset["noneMatched"];
type DefaultDraft = { form: ActionForm; log: boolean };
type DefaultEditorProps = { place: RulePlace; version: number; initial: NoneMatched; closeHref: string };

/** What a ruleset does when no rule matched. */
export function DefaultEditor({ place, version, initial, closeHref }: DefaultEditorProps) {
  const { proxyActionId, ruleset } = place;
  const [start] = useState(() => draftOf(initial));
  const form = useDraftForm({
    closeHref,
    object: `default of ${proxyActionId} ${ruleset}`,
    opened: { version, value: initial },
    initial: start,
    schema: noneMatchedSchema,
    draftOf,
    read: readDraft,
  });
  const { draft, read } = form;

  const save = () =>
    form.save({
      ask: (noneMatched, from) =>
        editNoneMatchedAction({ proxyActionId, version: from ?? version, ruleset, noneMatched }),
      done: () => "Default saved to the draft.",
    });

  return (
    <DraftDrawer
      title="When no rule matched"
      description={`${place.proxyAction}, ${stageTitle(ruleset).toLowerCase()} ruleset`}
      refusal={form.refusal}
      disabled={form.busy || !read.ok}
      onClose={form.close}
      onDiscard={form.discard}
      onSave={save}
    >
      <FormNotices form={form} what="default" schema={noneMatchedSchema} meanwhile={null} />
      <p aria-live="polite" className="rounded-md bg-sunken p-3">
        Every {stageWhat(ruleset)} that no rule matched: {read.ok ? actionWords(read.value.action) : "…"}.
      </p>
      <ActionFields
        key={form.generation}
        form={draft.form}
        protocol={place.protocol}
        ruleset={ruleset}
        onChange={(action) => form.set({ form: action })}
      />
      <Checkbox
        label="Log what comes here"
        checked={draft.log}
        onChange={({ target }) => form.set({ log: target.checked })}
      />
    </DraftDrawer>
  );
}

function draftOf({ action, log }: NoneMatched): DefaultDraft {
  return { form: actionFormOf(action), log };
}

function readDraft({ form, log }: DefaultDraft): ReadForm<NoneMatched> {
  const action = readAction(form);
  return action === null ? { ok: false, problems: {} } : { ok: true, value: { action, log } };
}
