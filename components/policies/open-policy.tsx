"use client";
import { GoneDialog } from "#components/ui/gone-dialog.tsx";
import { useOpened } from "#components/ui/use-opened.ts";
import type { EditablePolicy, PolicyChoices } from "#lib/policies/queries.ts";
import { policyDraftOf } from "./policy-draft.ts";
import { PolicyEditor } from "./policy-editor.tsx";

type OpenPolicyProps = { found: EditablePolicy | null; choices: PolicyChoices; closeHref: string };

/** The editor of a policy as it was opened; `found` is the policy as the page has it now. */
export function OpenPolicy({ found, choices, closeHref }: OpenPolicyProps) {
  const { opened, meanwhile } = useOpened(found);
  if (opened === null) return <GoneDialog what="This policy" closeHref={closeHref} back="Show the policies" />;
  const { id, version, policy } = opened;
  return (
    <PolicyEditor
      target={{ kind: "edit", policyId: id, opened: { version, value: policy } }}
      initial={policyDraftOf(policy)}
      choices={choices}
      closeHref={closeHref}
      meanwhile={meanwhile}
    />
  );
}
