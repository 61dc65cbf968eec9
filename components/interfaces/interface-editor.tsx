"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { deletionWords } from "#components/ui/deletion-words.ts";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { ChoiceField, LinesField, NameField } from "#components/ui/form-fields.tsx";
import { FormNotices } from "#components/ui/form-notices.tsx";
import { problemAt, problemsSoFar } from "#components/ui/read-form.ts";
import { type Opened, useDraftForm } from "#components/ui/use-draft-form.ts";
import type { Meanwhile } from "#components/ui/use-opened.ts";
import { type Interface, interfaceSchema } from "#core/contract/policy-document.ts";
import { addInterfaceAction, deleteInterfaceAction, editInterfaceAction } from "#lib/interfaces/actions.ts";
import { type InterfaceDraft, interfaceDraftOf, readInterfaceDraft } from "./interface-draft.ts";
import { zoneWords } from "./zones.ts";

/** `users` are the policies that keep it from being deleted. */
export type InterfaceTarget =
  | { kind: "new" }
  | { kind: "edit"; interfaceId: string; opened: Opened<Interface>; users: readonly string[] };

type InterfaceEditorProps = { target: InterfaceTarget; initial: InterfaceDraft; meanwhile?: Meanwhile };

const zones = Object.entries(zoneWords).map(([value, { label }]) => ({ value, words: label }));

/** Name, zone and networks of one interface, into the draft. */
export function InterfaceEditor({ target, initial, meanwhile = null }: InterfaceEditorProps) {
  const form = useDraftForm({
    closeHref: "/interfaces",
    object: target.kind === "new" ? "new interface" : `interface ${target.interfaceId}`,
    opened: target.kind === "new" ? null : target.opened,
    initial,
    schema: interfaceSchema,
    draftOf: interfaceDraftOf,
    read: readInterfaceDraft,
  });
  const { draft, set } = form;
  const [deleting, setDeleting] = useState(false);
  const problems = problemsSoFar(form.read, form.tried);
  const zone = Object.entries(zoneWords).find(([value]) => value === draft.zone)?.[1];

  const save = () =>
    form.save({
      ask: (edited, version) =>
        target.kind === "new" || version === null
          ? addInterfaceAction(edited)
          : editInterfaceAction({ interfaceId: target.interfaceId, version, interface: edited }),
      done: ({ name }) => `Interface “${name}” saved to the draft.`,
    });

  return (
    <DraftDrawer
      title={target.kind === "new" ? "Add interface" : `Interface ${initial.name}`}
      refusal={form.refusal}
      disabled={form.busy}
      onClose={form.close}
      onDiscard={form.discard}
      onSave={save}
      command={
        target.kind === "edit" && (
          <Button variant="danger" disabled={form.busy || target.users.length > 0} onClick={() => setDeleting(true)}>
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
              form.send(
                deleteInterfaceAction({ interfaceId: target.interfaceId, version: target.opened.version }),
                `Interface “${initial.name}” deleted from the draft.`,
              )
            }
          >
            {deletionWords}
          </ConfirmDialog>
        )
      }
    >
      <FormNotices form={form} what="interface" schema={interfaceSchema} meanwhile={meanwhile} />
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
