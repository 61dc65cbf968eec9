"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { ChoiceField, LinesField, NameField } from "#components/ui/form-fields.tsx";
import { MeanwhileNotice } from "#components/ui/meanwhile-notice.tsx";
import { problemAt, problemsSoFar } from "#components/ui/read-form.ts";
import { useDraftEditor } from "#components/ui/use-draft-editor.ts";
import type { Meanwhile } from "#components/ui/use-opened.ts";
import { addInterfaceAction, deleteInterfaceAction, editInterfaceAction } from "#lib/interfaces/actions.ts";
import { type InterfaceDraft, readInterfaceDraft } from "./interface-draft.ts";
import { zoneWords } from "./zones.ts";

/** `users` are the policies that keep it from being deleted. */
export type InterfaceTarget =
  | { kind: "new" }
  | { kind: "edit"; interfaceId: string; version: number; users: readonly string[] };

type InterfaceEditorProps = { target: InterfaceTarget; initial: InterfaceDraft; meanwhile?: Meanwhile };

const zones = Object.entries(zoneWords).map(([value, { label }]) => ({ value, words: label }));

/** Name, zone and networks of one interface, into the draft. */
export function InterfaceEditor({ target, initial, meanwhile = null }: InterfaceEditorProps) {
  const editor = useDraftEditor("/interfaces");
  const [draft, setDraft] = useState(initial);
  const [deleting, setDeleting] = useState(false);
  const read = readInterfaceDraft(draft);
  const problems = problemsSoFar(read, editor.tried);
  const set = (change: Partial<InterfaceDraft>) => setDraft({ ...draft, ...change });
  const zone = Object.entries(zoneWords).find(([value]) => value === draft.zone)?.[1];

  function save() {
    if (!read.ok) return editor.submit(null);
    const asked = () =>
      target.kind === "new"
        ? addInterfaceAction(read.value)
        : editInterfaceAction({ interfaceId: target.interfaceId, version: target.version, interface: read.value });
    editor.submit(() => editor.send(asked(), `Interface “${read.value.name}” saved to the draft.`));
  }

  return (
    <DraftDrawer
      title={target.kind === "new" ? "Add interface" : `Interface ${initial.name}`}
      refusal={editor.refusal}
      disabled={editor.busy}
      onClose={editor.close}
      onSave={save}
      command={
        target.kind === "edit" && (
          <Button variant="danger" disabled={editor.busy || target.users.length > 0} onClick={() => setDeleting(true)}>
            Delete interface
          </Button>
        )
      }
      dialogs={
        target.kind === "edit" && (
          <ConfirmDialog
            open={deleting}
            onOpenChange={setDeleting}
            title={`Delete interface “${initial.name}”`}
            confirmLabel="Delete from the draft"
            danger
            onConfirm={() =>
              editor.send(
                deleteInterfaceAction({ interfaceId: target.interfaceId, version: target.version }),
                `Interface “${initial.name}” deleted from the draft.`,
              )
            }
          >
            It stays in force until the draft is published.
          </ConfirmDialog>
        )
      }
    >
      {!editor.saved && <MeanwhileNotice what="interface" meanwhile={meanwhile} />}
      <NameField
        help="As the firewall calls it, for example External. Policies follow a new name."
        value={draft.name}
        problem={problemAt(problems, "name")}
        onChange={(name) => set({ name })}
      />
      <ChoiceField
        label="Zone"
        help={zone?.help}
        value={draft.zone}
        choices={zones}
        problem={problemAt(problems, "zone")}
        onChange={(value) => set({ zone: value })}
      />
      <LinesField
        label="Networks behind it (optional)"
        help="192.0.2.0/24, 2001:db8::/32 or one address. They describe the interface; which sources a policy takes is said in the policy."
        rows={6}
        value={draft.networks}
        problem={problemAt(problems, "networks")}
        onChange={(networks) => set({ networks })}
      />
      {target.kind === "edit" && target.users.length > 0 && (
        <p className="text-muted">
          It cannot be deleted while {target.users.length === 1 ? "a policy uses" : "policies use"} it:{" "}
          {target.users.join(", ")}.
        </p>
      )}
    </DraftDrawer>
  );
}
