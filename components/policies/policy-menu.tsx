"use client";
import { EllipsisVertical } from "lucide-react";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { deletionWords } from "#components/ui/deletion-words.ts";
import { useDraftClosed } from "#components/ui/managed-draft.tsx";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { MoveDialog } from "#components/ui/move-dialog.tsx";
import { OrderMenuItems, orderKey } from "#components/ui/order-menu-items.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { ActionResult } from "#lib/action.ts";
import {
  clonePolicyAction,
  deletePolicyAction,
  movePolicyAction,
  setPolicyEnabledAction,
} from "#lib/policies/actions.ts";
import type { OrderTarget } from "#lib/revisions/draft-order.ts";

type PolicyMenuProps = {
  policy: { id: string; version: number; name: string; enabled: boolean; position: number };
  /** All policies of the draft, in order. */
  names: readonly string[];
  editHref: string;
};

/** Everything that can be done with a policy, without dragging. */
export function PolicyMenu({ policy: { id, version, name, enabled, position }, names, editHref }: PolicyMenuProps) {
  const toast = useToast();
  const managed = useDraftClosed() !== null;
  const [asking, setAsking] = useState<"move" | "delete" | null>(null);
  const [busy, startTransition] = useTransition();

  function move(to: OrderTarget) {
    if (busy) return;
    startTransition(async () => {
      const result = await answered(movePolicyAction({ policyId: id, to }));
      if (!result.ok) toast("fault", result.error.message);
      else toast("done", `Policy “${name}” at position ${result.value.position} of ${result.value.of}.`, result.undo);
    });
  }
  function change(asked: Promise<ActionResult<unknown>>, done: string) {
    startTransition(async () => {
      const result = await answered(asked);
      if (!result.ok) toast("fault", result.error.message);
      else toast("done", done, result.undo);
    });
  }
  async function remove() {
    const result = await answered(deletePolicyAction({ policyId: id, version }));
    if (!result.ok) toast("fault", result.error.message);
    else toast("done", `Policy “${name}” deleted from the draft.`, result.undo);
  }

  return (
    <div className="ms-auto">
      <Menu
        trigger={
          <Button
            variant="quiet"
            size="icon"
            aria-label={`Commands for policy ${name}`}
            disabled={managed}
            onKeyDown={(event) => {
              const to = orderKey(event);
              if (to === null) return;
              event.preventDefault();
              move(to);
            }}
          >
            <EllipsisVertical aria-hidden size={16} />
          </Button>
        }
      >
        <MenuLink href={editHref}>Edit</MenuLink>
        <MenuItem
          onSelect={() =>
            change(
              setPolicyEnabledAction({ policyId: id, enabled: !enabled }),
              `Policy “${name}” is ${enabled ? "disabled" : "enabled"} in the draft.`,
            )
          }
        >
          {enabled ? "Disable" : "Enable"}
        </MenuItem>
        <MenuItem
          onSelect={() => change(clonePolicyAction({ policyId: id }), `A copy of “${name}” stands below it, disabled.`)}
        >
          Clone below, disabled
        </MenuItem>
        <MenuSeparator />
        <OrderMenuItems position={position} of={names.length} onMove={move} onMoveTo={() => setAsking("move")} />
        <MenuSeparator />
        <MenuItem danger onSelect={() => setAsking("delete")}>
          Delete
        </MenuItem>
      </Menu>
      {asking === "move" && (
        <MoveDialog
          what={`policy “${name}”`}
          position={position}
          names={names}
          onClose={() => setAsking(null)}
          onMove={(to) => move({ position: to })}
        />
      )}
      <ConfirmDialog
        open={asking === "delete"}
        onOpenChange={(open) => setAsking(open ? "delete" : null)}
        title={`Delete policy “${name}”`}
        confirmLabel="Delete from the draft"
        danger
        onConfirm={remove}
      >
        {deletionWords} Its route and its proxy action stay.
      </ConfirmDialog>
    </div>
  );
}
