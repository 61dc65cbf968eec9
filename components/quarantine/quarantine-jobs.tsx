"use client";
import { JobList } from "#components/ui/job-list.tsx";
import type { JobView } from "#lib/jobs/job-view.ts";
import { cancelQuarantineJob } from "#lib/quarantine/actions.ts";

const words = {
  release: { going: "Releasing", over: "Released" },
  delete: { going: "Deleting", over: "Deleted" },
};

/** The jobs on whole searches of the quarantine. */
export function QuarantineJobs({ jobs }: { jobs: readonly JobView[] }) {
  return <JobList jobs={jobs} words={words} onEnd={cancelQuarantineJob} permission="handle-quarantine" />;
}
