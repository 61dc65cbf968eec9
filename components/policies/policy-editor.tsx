"use client";
import { useState } from "react";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { MeanwhileNotice } from "#components/ui/meanwhile-notice.tsx";
import { problemsSoFar } from "#components/ui/read-form.ts";
import { useDraftEditor } from "#components/ui/use-draft-editor.ts";
import type { Meanwhile } from "#components/ui/use-opened.ts";
import { addPolicyAction, editPolicyAction } from "#lib/policies/actions.ts";
import type { PolicyChoices } from "#lib/policies/queries.ts";
import { type PolicyDraft, readPolicyDraft } from "./policy-draft.ts";
import { PolicyFields } from "./policy-fields.tsx";

export type PolicyTarget = { kind: "new" } | { kind: "edit"; policyId: string; version: number };

type PolicyEditorProps = {
  target: PolicyTarget;
  initial: PolicyDraft;
  choices: PolicyChoices;
  /** Where the page is without the editor. */
  closeHref: string;
  meanwhile?: Meanwhile;
};

/** One policy, into the draft. What was typed survives every refusal. */
export function PolicyEditor({ target, initial, choices, closeHref, meanwhile = null }: PolicyEditorProps) {
  const editor = useDraftEditor(closeHref);
  const [draft, setDraft] = useState(initial);
  const read = readPolicyDraft(draft);

  function save() {
    if (!read.ok) return editor.submit(null);
    const asked = () =>
      target.kind === "new"
        ? addPolicyAction(read.value)
        : editPolicyAction({ policyId: target.policyId, version: target.version, policy: read.value });
    editor.submit(() => editor.send(asked(), `Policy “${read.value.name}” saved to the draft.`));
  }

  return (
    <DraftDrawer
      title={target.kind === "new" ? `Add ${draft.protocol.toUpperCase()} policy` : `Policy ${initial.name}`}
      description={
        target.kind === "new"
          ? "It goes below the others. The first policy that admits a connection takes it."
          : undefined
      }
      refusal={editor.refusal}
      disabled={editor.busy}
      onClose={editor.close}
      onSave={save}
    >
      {!editor.saved && <MeanwhileNotice what="policy" meanwhile={meanwhile} />}
      <PolicyFields
        draft={draft}
        problems={problemsSoFar(read, editor.tried)}
        choices={choices}
        onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
      />
    </DraftDrawer>
  );
}
