"use client";
import { type ComponentType, useState } from "react";
import type { z } from "zod";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { deletionWords } from "#components/ui/deletion-words.ts";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { FormNotices } from "#components/ui/form-notices.tsx";
import { type FormProblems, problemsSoFar, type ReadForm } from "#components/ui/read-form.ts";
import { useDraftForm } from "#components/ui/use-draft-form.ts";
import type { Meanwhile } from "#components/ui/use-opened.ts";
import { addInspectionAction, deleteInspectionAction, editInspectionAction } from "#lib/inspection/actions.ts";
import type { InspectionKind, InspectionObject } from "#lib/inspection/inspection-input.ts";
import { inspectionHref, inspectionKinds } from "./inspection-kinds.ts";

/** `users` keep it from being renamed and deleted. */
export type InspectionTarget =
  | { kind: "new" }
  | { kind: "edit"; id: string; version: number; users: readonly string[] };

type InspectionEditorProps<T extends { name: string }, Draft extends { name: string }> = {
  kind: InspectionKind;
  target: InspectionTarget;
  meanwhile: Meanwhile;
  initial: Draft;
  /** As it was opened; null for a new one. */
  object: T | null;
  schema: z.ZodType<T>;
  draftOf: (object: T) => Draft;
  read: (draft: Draft) => ReadForm<T>;
  asInput: (object: T) => InspectionObject;
  Fields: ComponentType<{ draft: Draft; problems: FormProblems; set: (change: Partial<Draft>) => void }>;
};

/** One scanner, dictionary or notice, into the draft. What was typed survives every refusal. */
export function InspectionEditor<T extends { name: string }, Draft extends { name: string }>({
  kind,
  target,
  meanwhile,
  initial,
  object,
  schema,
  draftOf,
  read,
  asInput,
  Fields,
}: InspectionEditorProps<T, Draft>) {
  const noun = inspectionKinds[kind].singular;
  const form = useDraftForm({
    closeHref: inspectionHref(kind),
    object: target.kind === "new" ? `new ${noun}` : `${noun} ${target.id}`,
    opened: target.kind === "new" || object === null ? null : { version: target.version, value: object },
    initial,
    schema,
    draftOf,
    read,
  });
  const [deleting, setDeleting] = useState(false);
  const users = target.kind === "edit" ? target.users : [];

  const save = () =>
    form.save({
      ask: (edited, version) =>
        target.kind === "new" || version === null
          ? addInspectionAction(asInput(edited))
          : editInspectionAction({ id: target.id, version, edited: asInput(edited) }),
      done: ({ name }) => `The ${noun} “${name}” was saved to the draft.`,
    });

  return (
    <DraftDrawer
      title={target.kind === "new" ? `Add ${noun}` : `${inspectionKinds[kind].one} ${initial.name}`}
      description={users.length === 0 ? undefined : `Used by ${users.join("; ")}.`}
      refusal={form.refusal}
      disabled={form.busy}
      onClose={form.close}
      onDiscard={form.discard}
      onSave={save}
      command={
        target.kind === "edit" && (
          <Button
            variant="danger"
            disabled={form.busy || users.length > 0}
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
              form.send(
                deleteInspectionAction({ id: target.id, version: target.version }),
                `The ${noun} “${initial.name}” was deleted from the draft.`,
              )
            }
          >
            {deletionWords}
          </ConfirmDialog>
        )
      }
    >
      <FormNotices form={form} what={noun} schema={schema} meanwhile={meanwhile} />
      <Fields draft={form.draft} problems={problemsSoFar(form.read, form.tried)} set={form.set} />
    </DraftDrawer>
  );
}
