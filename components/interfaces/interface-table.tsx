"use client";
import { useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Table, Th } from "#components/ui/table.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { deleteInterfaceAction, moveInterfaceAction } from "#lib/interfaces/actions.ts";
import type { InterfaceView } from "#lib/interfaces/queries.ts";
import type { OrderTarget } from "#lib/revisions/draft-order.ts";
import { InterfaceRow } from "./interface-row.tsx";

/** The interfaces of the draft, with the policies and listeners at each. */
export function InterfaceTable({ interfaces }: { interfaces: readonly InterfaceView[] }) {
  const toast = useToast();
  const [busy, startTransition] = useTransition();
  if (interfaces.length === 0) return <NoInterfaces />;

  function move({ id, interface: { name } }: InterfaceView, to: OrderTarget) {
    if (busy) return;
    startTransition(async () => {
      const result = await answered(moveInterfaceAction({ interfaceId: id, to }));
      if (!result.ok) toast("fault", result.error.message);
      else
        toast("done", `Interface “${name}” at position ${result.value.position} of ${result.value.of}.`, result.undo);
    });
  }
  async function remove({ id, version, interface: { name } }: InterfaceView) {
    const result = await answered(deleteInterfaceAction({ interfaceId: id, version }));
    if (!result.ok) toast("fault", result.error.message);
    else toast("done", `Interface “${name}” deleted from the draft.`, result.undo);
  }

  const names = interfaces.map((view) => view.interface.name);
  return (
    <>
      <Table caption="Interfaces, in the order they are shown">
        <thead>
          <tr>
            <Th>Interface</Th>
            <Th>Networks</Th>
            <Th>Policies</Th>
            <Th>Listeners</Th>
            <Th>
              <span className="sr-only">Commands</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {interfaces.map((view, index) => (
            <InterfaceRow
              key={view.id}
              view={view}
              position={index + 1}
              names={names}
              onMove={(to) => move(view, to)}
              onDelete={() => remove(view)}
            />
          ))}
        </tbody>
      </Table>
    </>
  );
}

function NoInterfaces() {
  return (
    <EmptyState
      title="No interfaces yet"
      action={
        <LinkButton href="/interfaces?new=1" variant="primary" scroll={false}>
          Add interface
        </LinkButton>
      }
    >
      An interface is a side of the firewall: External towards the internet, Trusted towards the inside. A policy goes
      from one to another, so a first system has two of them.
    </EmptyState>
  );
}
