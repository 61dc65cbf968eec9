"use client";
import { GoneDialog } from "#components/ui/gone-dialog.tsx";
import { useOpened } from "#components/ui/use-opened.ts";
import type { CredentialView } from "#lib/credentials/queries.ts";
import { credentialDraftOf } from "./credential-draft.ts";
import { CredentialEditor } from "./credential-editor.tsx";

/** The editor of a credential as it was opened; `found` is the credential as the page has it now. */
export function OpenCredential({ found }: { found: CredentialView | null }) {
  const { opened, meanwhile } = useOpened(found);
  if (opened === null)
    return <GoneDialog what="This credential" closeHref="/credentials" back="Show the credentials" />;
  const { id, version, users, details } = opened;
  return (
    <CredentialEditor
      target={{ kind: "edit", credentialId: id, version, used: users.length > 0, unreadable: details === null }}
      initial={credentialDraftOf(opened)}
      meanwhile={meanwhile}
    />
  );
}
