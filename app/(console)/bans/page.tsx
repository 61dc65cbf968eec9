import type { Metadata } from "next";
import { BansView } from "#components/bans/bans-view.tsx";
import { PermissionGate } from "#components/ui/permission-gate.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { listBans } from "#lib/bans/queries.ts";

export const metadata: Metadata = { title: "Blocked sources" };

export default async function BansPage() {
  await requireSession();
  return (
    <PermissionGate permission="operate" what="Blocking and lifting">
      <BansView list={await listBans(new Date())} />
    </PermissionGate>
  );
}
