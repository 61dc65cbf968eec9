import type { Metadata } from "next";
import { QueueView } from "#components/queue/queue-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { interfaceNames } from "#lib/messages/queries.ts";
import { queueStates } from "#lib/queue/destinations.ts";
import { recentJobs, searchQueue } from "#lib/queue/queries.ts";
import { queueSearchSchema } from "#lib/queue/search.ts";
import { summarizeQueue } from "#lib/queue/summary.ts";
import { listWorkers } from "#lib/workers/queries.ts";

export const metadata: Metadata = { title: "Queue" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function QueuePage({ searchParams }: PageProps) {
  await requireSession();
  const search = queueSearchSchema.parse(await searchParams);
  const now = new Date();
  const [page, summary, workers, jobs, interfaces] = await Promise.all([
    searchQueue(search, now),
    summarizeQueue(now),
    listWorkers(now),
    recentJobs(now),
    interfaceNames(),
  ]);
  const states = queueStates(workers);
  return (
    <QueueView search={search} page={page} summary={summary} states={states} jobs={jobs} interfaces={interfaces} />
  );
}
