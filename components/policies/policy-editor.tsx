"use client";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { FormNotices } from "#components/ui/form-notices.tsx";
import { problemsSoFar } from "#components/ui/read-form.ts";
import { type Opened, useDraftForm } from "#components/ui/use-draft-form.ts";
import type { Meanwhile } from "#components/ui/use-opened.ts";
import { type Policy, policySchema } from "#core/contract/policy-document.ts";
import { addPolicyAction, editPolicyAction } from "#lib/policies/actions.ts";
import type { PolicyChoices } from "#lib/policies/queries.ts";
import { type PolicyDraft, policyDraftOf, readPolicyDraft } from "./policy-draft.ts";
import { PolicyFields } from "./policy-fields.tsx";

export type PolicyTarget = { kind: "new" } | { kind: "edit"; policyId: string; opened: Opened<Policy> };

type PolicyEditorProps = {
  target: PolicyTarget;
  initial: PolicyDraft;
  choices: PolicyChoices;
  /** Where the page is without the form. */
  closeHref: string;
  meanwhile?: Meanwhile;
};

/** One policy, into the draft. What was typed survives every refusal. */
export function PolicyEditor({ target, initial, choices, closeHref, meanwhile = null }: PolicyEditorProps) {
  const form = useDraftForm({
    closeHref,
    object: target.kind === "new" ? `new ${initial.protocol} policy` : `policy ${target.policyId}`,
    opened: target.kind === "new" ? null : target.opened,
    initial,
    schema: policySchema,
    draftOf: policyDraftOf,
    read: readPolicyDraft,
  });
  const { draft } = form;

  const save = () =>
    form.save({
      ask: (policy, version) =>
        target.kind === "new" || version === null
          ? addPolicyAction(policy)
          : editPolicyAction({ policyId: target.policyId, version, policy }),
      done: ({ name }) => `Policy “${name}” saved to the draft.`,
    });

  return (
    <DraftDrawer
      title={target.kind === "new" ? `Add ${draft.protocol.toUpperCase()} policy` : `Policy ${initial.name}`}
      description={
        target.kind === "new"
          ? "It goes below the others. The first policy that admits a connection takes it."
          : undefined
      }
      refusal={form.refusal}
      disabled={form.busy}
      onClose={form.close}
      onDiscard={form.discard}
      onSave={save}
    >
      <FormNotices form={form} what="policy" schema={policySchema} meanwhile={meanwhile} />
      <PolicyFields
        draft={draft}
        problems={problemsSoFar(form.read, form.tried)}
        choices={choices}
        onChange={form.set}
      />
    </DraftDrawer>
  );
}
