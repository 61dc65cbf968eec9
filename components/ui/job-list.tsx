"use client";
import { useTransition } from "react";
import type { Permission } from "#core/contract/permission.ts";
import type { ActionResult } from "#lib/action.ts";
import type { JobView } from "#lib/jobs/job-view.ts";
import { answered } from "./answered.ts";
import { Button } from "./button.tsx";
import { ForeignText } from "./foreign-text.tsx";
import { Notice } from "./notice.tsx";
import { useMay } from "./signed-in.tsx";
import { useToast } from "./toast.tsx";

type JobListProps = {
  jobs: readonly JobView[];
  /** By command. */
  words: Record<string, { going: string; over: string }>;
  onEnd: (job: { jobId: string }) => Promise<ActionResult<unknown>>;
  /** What it takes to end one. */
  permission: Permission;
};

/** The jobs on whole searches: how far they are, and what they came to. */
export function JobList({ jobs, ...rest }: JobListProps) {
  return (
    <div className="flex flex-col gap-2" aria-live="polite">
      {jobs.map((job) => (
        <Job key={job.id} job={job} {...rest} />
      ))}
    </div>
  );
}

function Job({ job, words, onEnd, permission }: { job: JobView } & Omit<JobListProps, "jobs">) {
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
              <EndJob permission={permission} onEnd={() => onEnd({ jobId: job.id })} />
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

function EndJob({ permission, onEnd }: { permission: Permission; onEnd: () => Promise<ActionResult<unknown>> }) {
  const may = useMay(permission);
  const toast = useToast();
  const [busy, startTransition] = useTransition();
  const end = async () => {
    const answer = await answered(onEnd());
    if (!answer.ok) toast("fault", answer.error.message);
  };
  return (
    <Button size="small" disabled={busy || !may} onClick={() => startTransition(end)}>
      End the job
    </Button>
  );
}
