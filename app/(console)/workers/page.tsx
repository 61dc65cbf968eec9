import type { Metadata } from "next";
import { WorkersView } from "#components/workers/workers-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { listWorkers } from "#lib/workers/queries.ts";

export const metadata: Metadata = { title: "Workers" };

export default async function WorkersPage() {
  await requireSession();
  return <WorkersView workers={await listWorkers(new Date())} />;
}
