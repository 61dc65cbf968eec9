"use client";
import { EllipsisVertical } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { copyName } from "#core/policy/copy-name.ts";
import { cloneProxyActionAction, deleteProxyActionAction } from "#lib/proxy-actions/actions.ts";
import type { ProxyActionSummary } from "#lib/proxy-actions/queries.ts";
import { NameDialog } from "./name-dialog.tsx";

/** `names`: of all that there are. */
type ProxyActionMenuProps = { proxyAction: ProxyActionSummary; names: readonly string[] };

/** What can be done with a proxy action as a whole. */
export function ProxyActionMenu({ proxyAction, names }: ProxyActionMenuProps) {
  const router = useRouter();
  const toast = useToast();
  const [asking, setAsking] = useState<"clone" | "delete" | null>(null);
  const { id, name, rules, usedBy } = proxyAction;
  async function remove() {
    const result = await answered(deleteProxyActionAction({ proxyActionId: id }));
    if (!result.ok) toast("fault", result.error.message);
    else toast("done", `Proxy action “${name}” deleted from the draft.`, result.undo);
  }
  async function clone(as: string): Promise<string | null> {
    const result = await answered(cloneProxyActionAction({ proxyActionId: id, name: as }));
    if (!result.ok) return result.error.message;
    toast("done", `“${as}” is a copy of “${name}” in the draft.`, result.undo);
    router.push(`/proxy-actions/${result.value}`);
    return null;
  }
  return (
    <>
      <Menu
        trigger={
          <Button variant="quiet" size="icon" aria-label={`Commands for proxy action ${name}`}>
            <EllipsisVertical aria-hidden size={16} />
          </Button>
        }
      >
        <MenuLink href={`/proxy-actions/${id}`}>Edit</MenuLink>
        <MenuItem onSelect={() => setAsking("clone")}>Clone…</MenuItem>
        <MenuSeparator />
        <MenuItem danger disabled={usedBy.length > 0} onSelect={() => setAsking("delete")}>
          {usedBy.length > 0 ? `Delete (used by ${usedBy.join(", ")})` : "Delete"}
        </MenuItem>
      </Menu>
      {asking === "clone" && (
        <NameDialog
          title={`Clone “${name}”`}
          confirmLabel="Clone into the draft"
          initial={copyName(name, new Set(names))}
          onClose={() => setAsking(null)}
          onConfirm={clone}
        >
          The copy has its settings, limits and rules; no policy uses it yet.
        </NameDialog>
      )}
      <ConfirmDialog
        open={asking === "delete"}
        onOpenChange={(open) => setAsking(open ? "delete" : null)}
        title={`Delete proxy action “${name}”`}
        confirmLabel="Delete from the draft"
        danger
        onConfirm={remove}
      >
        Its {rules === 1 ? "rule goes" : `${rules} rules go`} with it. What is published stays in force until the draft
        is published, and the deletion can be undone for an hour.
      </ConfirmDialog>
    </>
  );
}
