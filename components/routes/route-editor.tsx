"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { deletionWords } from "#components/ui/deletion-words.ts";
import { DraftDrawer } from "#components/ui/draft-drawer.tsx";
import { FormNotices } from "#components/ui/form-notices.tsx";
import { problemsSoFar } from "#components/ui/read-form.ts";
import { type Opened, useDraftForm } from "#components/ui/use-draft-form.ts";
import type { Meanwhile } from "#components/ui/use-opened.ts";
import { type Route, routeSchema } from "#core/contract/policy-document.ts";
import type { CredentialChoice } from "#lib/credentials/queries.ts";
import { addRouteAction, deleteRouteAction, editRouteAction } from "#lib/routes/actions.ts";
import { type RouteDraft, readRouteDraft, routeDraftOf } from "./route-draft.ts";
import { RouteFields } from "./route-fields.tsx";

/** `users` are the policies that keep it from being deleted. */
export type RouteTarget =
  | { kind: "new" }
  | { kind: "edit"; routeId: string; opened: Opened<Route>; users: readonly string[] };

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
  const form = useDraftForm({
    closeHref: "/routes",
    object: target.kind === "new" ? `new ${initial.protocol} route` : `route ${target.routeId}`,
    opened: target.kind === "new" ? null : target.opened,
    initial,
    schema: routeSchema,
    draftOf: routeDraftOf,
    read: readRouteDraft,
  });
  const { draft } = form;
  const [deleting, setDeleting] = useState(false);
  const users = target.kind === "edit" ? target.users : [];

  const save = () =>
    form.save({
      ask: (route, version) =>
        target.kind === "new" || version === null
          ? addRouteAction(route)
          : editRouteAction({ routeId: target.routeId, version, route }),
      done: ({ name }) => `Route “${name}” saved to the draft.`,
    });

  return (
    <DraftDrawer
      title={target.kind === "new" ? `Add ${draft.protocol.toUpperCase()} route` : `Route ${initial.name}`}
      description={users.length === 0 ? undefined : `Used by ${users.join(", ")}.`}
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
              form.send(
                deleteRouteAction({ routeId: target.routeId, version: target.opened.version }),
                `Route “${initial.name}” deleted from the draft.`,
              )
            }
          >
            {deletionWords}
            {draft.protocol === "smtp" &&
              " Mail that waits for it then stays in the queue until somebody deletes it or a route of that name is back."}
          </ConfirmDialog>
        )
      }
    >
      <FormNotices form={form} what="route" schema={routeSchema} meanwhile={meanwhile} />
      <RouteFields
        draft={draft}
        problems={problemsSoFar(form.read, form.tried)}
        credentials={credentials}
        routes={routes}
        onChange={form.set}
      />
    </DraftDrawer>
  );
}
