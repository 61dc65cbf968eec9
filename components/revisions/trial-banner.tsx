"use client";
import { useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { keepRevisionAction, revertRevisionAction } from "#lib/revisions/actions.ts";
import type { TrialView } from "#lib/revisions/queries.ts";

/** A revision on trial, on every page and for everybody: when it goes back, and the two ways to end that. */
export function TrialBanner({ trial: { number, previous, startedBy, endsAt } }: { trial: TrialView }) {
  const toast = useToast();
  const may = useMay("publish");
  const [busy, startTransition] = useTransition();

  async function keep() {
    const result = await answered(keepRevisionAction({ number }));
    if (result.ok) toast("done", `r${number} stays.`);
    else toast("fault", result.error.message);
  }

  async function revert() {
    const result = await answered(revertRevisionAction({ number }));
    if (result.ok)
      toast("done", `r${result.value.number} is live and equals r${previous}; the draft keeps the changes.`);
    else toast("fault", result.error.message);
  }

  return (
    <div className="mb-4">
      <Notice kind="warning">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <span>
            <TextLink href={`/revisions/${number}`}>r{number}</TextLink> of {startedBy} is on trial: it goes back to r
            {previous} <Time at={endsAt} form="countdown" /> unless somebody keeps it, or sooner when refusals or the
            queue jump.
          </span>
          <span className="flex flex-wrap gap-2">
            <Button size="small" variant="primary" disabled={busy || !may} onClick={() => startTransition(keep)}>
              Keep r{number}
            </Button>
            <Button size="small" disabled={busy || !may} onClick={() => startTransition(revert)}>
              Go back to r{previous} now
            </Button>
          </span>
          <PermissionNote permission="publish" />
        </div>
      </Notice>
    </div>
  );
}
