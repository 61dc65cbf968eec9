"use client";
import { type ComponentType, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { MeanwhileNotice } from "#components/ui/meanwhile-notice.tsx";
import { type FormProblems, problemsSoFar, type ReadForm } from "#components/ui/read-form.ts";
import { useDraftEditor } from "#components/ui/use-draft-editor.ts";
import type { Meanwhile } from "#components/ui/use-opened.ts";
import { addInspectionAction, deleteInspectionAction, editInspectionAction } from "#lib/inspection/actions.ts";
import type { InspectionKind, InspectionObject } from "#lib/inspection/inspection-input.ts";
import { inspectionHref, inspectionKinds } from "./inspection-kinds.ts";

/** `users` keep it from being renamed and deleted. */
export type InspectionTarget =
  | { kind: "new" }
  | { kind: "edit"; id: string; version: number; users: readonly string[] };

type InspectionEditorProps<Draft extends { name: string }> = {
  kind: InspectionKind;
  target: InspectionTarget;
  meanwhile: Meanwhile;
  initial: Draft;
  read: (draft: Draft) => ReadForm<InspectionObject>;
  Fields: ComponentType<{ draft: Draft; problems: FormProblems; set: (change: Partial<Draft>) => void }>;
};

/** One scanner, dictionary or notice, into the draft. What was typed survives every refusal. */
export function InspectionEditor<Draft extends { name: string }>({
  kind,
  target,
  meanwhile,
  initial,
  read,
  Fields,
}: InspectionEditorProps<Draft>) {
  const editor = useDraftEditor(inspectionHref(kind));
  const [draft, setDraft] = useState(initial);
  const [deleting, setDeleting] = useState(false);
  const parsed = read(draft);
  const noun = inspectionKinds[kind].singular;
  const users = target.kind === "edit" ? target.users : [];

  function save() {
    if (!parsed.ok) return editor.submit(null);
    const edited = parsed.value;
    const asked = () =>
      target.kind === "new"
        ? addInspectionAction(edited)
        : editInspectionAction({ id: target.id, version: target.version, edited });
    editor.submit(() => editor.send(asked(), `The ${noun} “${edited.object.name}” was saved to the draft.`));
  }

  return (
    <DraftDrawer
      title={target.kind === "new" ? `Add ${noun}` : `${inspectionKinds[kind].one} ${initial.name}`}
      description={users.length === 0 ? undefined : `Used by ${users.join("; ")}.`}
      refusal={editor.refusal}
      disabled={editor.busy}
      onClose={editor.close}
      onSave={save}
      command={
        target.kind === "edit" && (
          <Button
            variant="danger"
            disabled={editor.busy || users.length > 0}
            title={users.length > 0 ? "It is used" : undefined}
            onClick={() => setDeleting(true)}
          >
            Delete {noun}
          </Button>
        )
      }
      dialogs={
        target.kind === "edit" && (
          <ConfirmDialog
            open={deleting}
            onOpenChange={setDeleting}
            title={`Delete ${noun} “${initial.name}”`}
            confirmLabel="Delete from the draft"
            danger
            onConfirm={() =>
              editor.send(
                deleteInspectionAction({ id: target.id, version: target.version }),
                `The ${noun} “${initial.name}” was deleted from the draft.`,
              )
            }
          >
            It stays in force until the draft is published.
          </ConfirmDialog>
        )
      }
    >
      {!editor.saved && <MeanwhileNotice what={noun} meanwhile={meanwhile} />}
      <Fields
        draft={draft}
        problems={problemsSoFar(parsed, editor.tried)}
        set={(change) => setDraft((before) => ({ ...before, ...change }))}
      />
    </DraftDrawer>
  );
}
