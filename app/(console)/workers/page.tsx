import type { Metadata } from "next";
import { PermissionGate } from "#components/ui/permission-gate.tsx";
import { WorkersView } from "#components/workers/workers-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { lastOperations, listWorkers } from "#lib/workers/queries.ts";

export const metadata: Metadata = { title: "Workers" };

export default async function WorkersPage() {
  await requireSession();
  const workers = await listWorkers(new Date());
  return (
    <PermissionGate permission="operate" what="A command to a worker">
      <WorkersView workers={workers} operations={await lastOperations(workers)} />
    </PermissionGate>
  );
}
