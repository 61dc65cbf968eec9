import type { Metadata } from "next";
import { GoneInterface } from "#components/layout/gone-interface.tsx";
import { DecisionTrace } from "#components/messages/decision-trace.tsx";
import { MessageTimeline } from "#components/messages/message-timeline.tsx";
import { followUpEntry } from "#components/messages/timeline.ts";
import { QueueView } from "#components/queue/queue-view.tsx";
import { requireSession } from "#lib/auth/session.ts";
import { scopedSearch } from "#lib/interfaces/scope.ts";
import { queueStates } from "#lib/queue/destinations.ts";
import { readQueuePast } from "#lib/queue/history.ts";
import { readOpenMessage, recentJobs, searchQueue } from "#lib/queue/queries.ts";
import { filterOf, queueSearchSchema } from "#lib/queue/search.ts";
import { summarizeQueue } from "#lib/queue/summary.ts";
import { listWorkers } from "#lib/workers/queries.ts";

export const metadata: Metadata = { title: "Queue" };

type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function QueuePage({ searchParams }: PageProps) {
  await requireSession();
  const { scope, search } = await scopedSearch(queueSearchSchema.parse(await searchParams));
  const now = new Date();
  const [page, summary, past, workers, jobs, message] = await Promise.all([
    searchQueue(search, now),
    summarizeQueue(scope, now),
    readQueuePast(search.span ?? "hour", { route: search.spanRoute, workerId: search.spanWorker }, now),
    listWorkers(now),
    recentJobs(now),
    search.open === null ? null : readOpenMessage(search.open),
  ]);
  return (
    <>
      <GoneInterface scope={scope} path="/queue" />
      <QueueView
        search={search}
        filter={filterOf(search)}
        page={page}
        summary={summary}
        past={past}
        states={queueStates(workers)}
        workers={workers.map(({ id, name }) => ({ id, name }))}
        jobs={jobs}
        scope={scope?.name ?? null}
        opened={
          message && {
            message,
            history: <MessageTimeline entries={message.followUps.map(followUpEntry)} />,
            trace: message.decision && <DecisionTrace decision={message.decision} />,
          }
        }
      />
    </>
  );
}
