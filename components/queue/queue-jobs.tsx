"use client";
import { JobList } from "#components/ui/job-list.tsx";
import type { QueueCommand } from "#core/contract/queue.ts";
import type { JobView } from "#lib/jobs/job-view.ts";
import { cancelQueueJob } from "#lib/queue/actions.ts";

const words: Record<QueueCommand, { going: string; over: string }> = {
  "retry-now": { going: "Making due", over: "Made due" },
  hold: { going: "Holding", over: "Put on hold" },
  release: { going: "Releasing", over: "Released" },
  delete: { going: "Deleting", over: "Deleted" },
  return: { going: "Returning", over: "Returned" },
  bounce: { going: "Deleting with notice", over: "Deleted with notice" },
  reroute: { going: "Sending on by another route", over: "Sent on by another route" },
};

/** The jobs on whole searches of the queue. */
export function QueueJobs({ jobs }: { jobs: readonly JobView[] }) {
  return <JobList jobs={jobs} words={words} onEnd={cancelQueueJob} permission="operate" />;
}
