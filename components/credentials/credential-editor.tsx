"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { givenWords } from "#components/ui/given-words.ts";
import { MeanwhileNotice } from "#components/ui/meanwhile-notice.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { problemsSoFar } from "#components/ui/read-form.ts";
import { type Editor, useDraftEditor } from "#components/ui/use-draft-editor.ts";
import type { Meanwhile } from "#components/ui/use-opened.ts";
import { addCredentialAction, deleteCredentialAction, editCredentialAction } from "#lib/credentials/actions.ts";
import { type CredentialDraft, readCredentialChange, readNewCredential } from "./credential-draft.ts";
import { CredentialFields } from "./credential-fields.tsx";

export type CredentialTarget =
  | { kind: "new" }
  | { kind: "edit"; credentialId: string; version: number; used: boolean; unreadable: boolean };

type CredentialEditorProps = { target: CredentialTarget; initial: CredentialDraft; meanwhile?: Meanwhile };

/** One credential, kept sealed and given to the workers when it is saved. Secrets go one way only. */
export function CredentialEditor({ target, initial, meanwhile = null }: CredentialEditorProps) {
  const editor = useDraftEditor("/credentials");
  const [draft, setDraft] = useState(initial);
  const [deleting, setDeleting] = useState(false);
  const read = target.kind === "new" ? readNewCredential(draft) : readCredentialChange(draft);
  return (
    <DraftDrawer
      title={target.kind === "new" ? "Add credential" : `Credential ${initial.name}`}
      description="Not part of the draft: it is in force as soon as it is saved."
      instead={{ saveLabel: "Save and give to the workers", permission: "manage-secrets" }}
      refusal={editor.refusal}
      disabled={editor.busy}
      onClose={editor.close}
      onSave={() => save(editor, target, draft)}
      command={
        target.kind === "edit" && (
          <Button
            variant="danger"
            disabled={editor.busy || target.used}
            title={target.used ? "Routes use it" : undefined}
            onClick={() => setDeleting(true)}
          >
            Delete credential
          </Button>
        )
      }
      dialogs={
        target.kind === "edit" && (
          <ConfirmDialog
            open={deleting}
            onOpenChange={setDeleting}
            title={`Delete credential “${initial.name}”`}
            confirmLabel="Delete here and at the workers"
            danger
            onConfirm={() =>
              editor.sendAndTell(
                deleteCredentialAction({ credentialId: target.credentialId, version: target.version }),
                ({ workers }) => givenNote(`Credential “${initial.name}” deleted.`, workers, "The workers dropped it."),
              )
            }
          >
            The secret is gone for good: it has to be entered again.
          </ConfirmDialog>
        )
      }
    >
      {!editor.saved && <MeanwhileNotice what="credential" meanwhile={meanwhile} />}
      {target.kind === "edit" && target.unreadable && (
        <Notice kind="fault">
          It cannot be opened: the master key is another one than when it was saved. Enter everything again.
        </Notice>
      )}
      <CredentialFields
        draft={draft}
        used={target.kind === "edit" && target.used}
        problems={problemsSoFar(read, editor.tried)}
        onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
      />
    </DraftDrawer>
  );
}

function save(editor: Editor, target: CredentialTarget, draft: CredentialDraft): void {
  const done = `Credential “${draft.name.trim()}” saved.`;
  const note = ({ workers }: { workers: Parameters<typeof givenWords>[0] }) => givenNote(done, workers);
  if (target.kind === "new") {
    const read = readNewCredential(draft);
    editor.submit(read.ok ? () => editor.sendAndTell(addCredentialAction(read.value), note) : null);
    return;
  }
  const { credentialId, version } = target;
  const read = readCredentialChange(draft);
  editor.submit(
    read.ok
      ? () => editor.sendAndTell(editCredentialAction({ credentialId, version, credential: read.value }), note)
      : null,
  );
}

function givenNote(done: string, workers: Parameters<typeof givenWords>[0], all?: string) {
  const { ok, words } = givenWords(workers);
  return {
    kind: ok ? ("done" as const) : ("fault" as const),
    text: `${done} ${ok && workers.length > 0 ? (all ?? words) : words}`,
  };
}
