"use client";
import { GoneDialog } from "#components/ui/gone-dialog.tsx";
import { useOpened } from "#components/ui/use-opened.ts";
import type { InterfaceView } from "#lib/interfaces/queries.ts";
import { interfaceDraftOf } from "./interface-draft.ts";
import { InterfaceEditor } from "./interface-editor.tsx";

/** The editor of an interface as it was opened; `found` is the interface as the page has it now. */
export function OpenInterface({ found }: { found: InterfaceView | null }) {
  const { opened, meanwhile } = useOpened(found);
  if (opened === null) return <GoneDialog what="This interface" closeHref="/interfaces" back="Show the interfaces" />;
  const { id, version, incoming, outgoing } = opened;
  const users = [...new Set([...incoming, ...outgoing])];
  return (
    <InterfaceEditor
      target={{ kind: "edit", interfaceId: id, opened: { version, value: opened.interface }, users }}
      initial={interfaceDraftOf(opened.interface)}
      meanwhile={meanwhile}
    />
  );
}
