"use client";
import { GoneDialog } from "#components/ui/gone-dialog.tsx";
import { useOpened } from "#components/ui/use-opened.ts";
import type { CredentialChoice } from "#lib/credentials/queries.ts";
import type { RouteView } from "#lib/routes/queries.ts";
import { routeDraftOf } from "./route-draft.ts";
import { RouteEditor } from "./route-editor.tsx";

/** The editor of a route as it was opened; `found` is the route as the page has it now. */
export function OpenRoute({
  found,
  credentials,
  routes,
}: {
  found: RouteView | null;
  credentials: readonly CredentialChoice[];
  routes: readonly string[];
}) {
  const { opened, meanwhile } = useOpened(found);
  if (opened === null) return <GoneDialog what="This route" closeHref="/routes" back="Show the routes" />;
  const { id, version, usedBy, route } = opened;
  return (
    <RouteEditor
      target={{ kind: "edit", routeId: id, opened: { version, value: route }, users: usedBy }}
      initial={routeDraftOf(route)}
      credentials={credentials}
      routes={routes}
      meanwhile={meanwhile}
    />
  );
}
