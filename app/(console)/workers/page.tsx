import type { Metadata } from "next";
import { WorkersView } from "#components/workers/workers-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { lastOperations, listWorkers } from "#lib/workers/queries.ts";

export const metadata: Metadata = { title: "Workers" };

export default async function WorkersPage() {
  await requireSession();
  const workers = await listWorkers(new Date());
  return <WorkersView workers={workers} operations={await lastOperations(workers)} />;
}
