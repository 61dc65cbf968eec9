"use client";
import { useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { cancelQuarantineJob } from "#lib/quarantine/actions.ts";
import type { QuarantineJobView } from "#lib/quarantine/queries.ts";

const words: Record<string, { going: string; over: string }> = {
  release: { going: "Releasing", over: "Released" },
  delete: { going: "Deleting", over: "Deleted" },
};

/** The jobs on whole searches: how far they are, and what they came to. */
export function JobList({ jobs }: { jobs: readonly QuarantineJobView[] }) {
  return (
    <div className="flex flex-col gap-2" aria-live="polite">
      {jobs.map((job) => (
        <Job key={job.id} job={job} />
      ))}
    </div>
  );
}

function Job({ job }: { job: QuarantineJobView }) {
  const { command, actor, total, done, failed, reasons, finishedAt } = job;
  const word = words[command];
  const settled = done + failed;
  const isOver = finishedAt !== null;
  return (
    <div className="mb-2">
      <Notice kind={isOver && failed > 0 ? "warning" : isOver ? "done" : "info"}>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span>
            {isOver ? word?.over : word?.going} {isOver ? done : settled} of {total} for <ForeignText text={actor} />
            {failed > 0 && `, ${failed} refused or not confirmed`}
            {isOver && settled < total && ", ended before it was done"}.
          </span>
          {!isOver && (
            <>
              <progress aria-label="How far the job is" max={total} value={settled} className="h-2 w-40" />
              <EndJob jobId={job.id} />
            </>
          )}
        </div>
        {reasons.length > 0 && (
          <details className="mt-1">
            <summary className="w-fit cursor-pointer text-accent">Reasons</summary>
            <ul>
              {reasons.map((reason, index) => (
                <li key={index}>
                  <ForeignText text={reason} />
                </li>
              ))}
              {failed > reasons.length && <li className="text-muted">And {failed - reasons.length} more.</li>}
            </ul>
          </details>
        )}
      </Notice>
    </div>
  );
}

function EndJob({ jobId }: { jobId: string }) {
  const toast = useToast();
  const [busy, startTransition] = useTransition();
  const end = async () => {
    const answer = await answered(cancelQuarantineJob({ jobId }));
    if (!answer.ok) toast("fault", answer.error.message);
  };
  return (
    <Button size="small" disabled={busy} onClick={() => startTransition(end)}>
      End the job
    </Button>
  );
}
