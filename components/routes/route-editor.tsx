"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { MeanwhileNotice } from "#components/ui/meanwhile-notice.tsx";
import { problemsSoFar } from "#components/ui/read-form.ts";
import { useDraftEditor } from "#components/ui/use-draft-editor.ts";
import type { Meanwhile } from "#components/ui/use-opened.ts";
import type { CredentialChoice } from "#lib/credentials/queries.ts";
import { addRouteAction, deleteRouteAction, editRouteAction } from "#lib/routes/actions.ts";
import { type RouteDraft, readRouteDraft } from "./route-draft.ts";
import { RouteFields } from "./route-fields.tsx";

/** `users` are the policies that keep it from being deleted. */
export type RouteTarget =
  | { kind: "new" }
  | { kind: "edit"; routeId: string; version: number; users: readonly string[] };

type RouteEditorProps = {
  target: RouteTarget;
  initial: RouteDraft;
  credentials: readonly CredentialChoice[];
  /** The names of the SMTP routes. */
  routes: readonly string[];
  meanwhile?: Meanwhile;
};

/** One route, into the draft. What was typed survives every refusal. */
export function RouteEditor({ target, initial, credentials, routes, meanwhile = null }: RouteEditorProps) {
  const editor = useDraftEditor("/routes");
  const [draft, setDraft] = useState(initial);
  const [deleting, setDeleting] = useState(false);
  const read = readRouteDraft(draft);
  const users = target.kind === "edit" ? target.users : [];

  function save() {
    if (!read.ok) return editor.submit(null);
    const asked = () =>
      target.kind === "new"
        ? addRouteAction(read.value)
        : editRouteAction({ routeId: target.routeId, version: target.version, route: read.value });
    editor.submit(() => editor.send(asked(), `Route “${read.value.name}” saved to the draft.`));
  }

  return (
    <DraftDrawer
      title={target.kind === "new" ? `Add ${draft.protocol.toUpperCase()} route` : `Route ${initial.name}`}
      description={users.length === 0 ? undefined : `Used by ${users.join(", ")}.`}
      refusal={editor.refusal}
      disabled={editor.busy}
      onClose={editor.close}
      onSave={save}
      command={
        target.kind === "edit" && (
          <Button
            variant="danger"
            disabled={editor.busy || users.length > 0}
            title={users.length > 0 ? "Policies use it" : undefined}
            onClick={() => setDeleting(true)}
          >
            Delete route
          </Button>
        )
      }
      dialogs={
        target.kind === "edit" && (
          <ConfirmDialog
            open={deleting}
            onOpenChange={setDeleting}
            title={`Delete route “${initial.name}”`}
            confirmLabel="Delete from the draft"
            danger
            onConfirm={() =>
              editor.send(
                deleteRouteAction({ routeId: target.routeId, version: target.version }),
                `Route “${initial.name}” deleted from the draft.`,
              )
            }
          >
            It stays in force until the draft is published.
            {draft.protocol === "smtp" &&
              " Mail that waits for it then stays in the queue until somebody deletes it or a route of that name is back."}
          </ConfirmDialog>
        )
      }
    >
      {!editor.saved && <MeanwhileNotice what="route" meanwhile={meanwhile} />}
      <RouteFields
        draft={draft}
        problems={problemsSoFar(read, editor.tried)}
        credentials={credentials}
        routes={routes}
        onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
      />
    </DraftDrawer>
  );
}
