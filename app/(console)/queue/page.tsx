import type { Metadata } from "next";
import { QueueView } from "#components/queue/queue-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { searchQueue } from "#lib/queue/queries.ts";
import { queueSearchSchema } from "#lib/queue/search.ts";
import { listWorkers } from "#lib/workers/queries.ts";

export const metadata: Metadata = { title: "Queue" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function QueuePage({ searchParams }: PageProps) {
  await requireSession();
  const search = queueSearchSchema.parse(await searchParams);
  const [page, workers] = await Promise.all([searchQueue(search), listWorkers(new Date())]);
  const silent = workers
    .filter(({ state }) => state === "down")
    .map(({ name, lastSeenAt }) => ({ name, lastSeenAt: lastSeenAt?.toISOString() ?? null }));
  return <QueueView search={search} page={page} silent={silent} />;
}
