"use client";
import { useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { revertRevisionAction, widenRolloutAction } from "#lib/revisions/actions.ts";
import type { RolloutView } from "#lib/revisions/queries.ts";

type RolloutBannerProps = {
  rollout: RolloutView;
  /** It is on trial too, and that notice has the way back. */
  onTrial: boolean;
};

/** A revision that some workers have first, on every page and for everybody, with the two ways to end that. */
export function RolloutBanner({
  rollout: { number, previous, startedBy, first, others },
  onTrial,
}: RolloutBannerProps) {
  const toast = useToast();
  const may = useMay("publish");
  const [busy, startTransition] = useTransition();

  async function widen() {
    const result = await answered(widenRolloutAction({ number }));
    if (!result.ok) return toast("fault", result.error.message);
    const { workers } = result.value;
    const applied = workers.filter((worker) => worker.applied).length;
    const words = `r${number} goes to all workers; ${applied} of ${workers.length} have it.`;
    return toast(applied === workers.length ? "done" : "fault", words);
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
            <TextLink href={`/revisions/${number}`}>r{number}</TextLink> of {startedBy} is at {first.join(", ")} first;{" "}
            {others === 1 ? "1 worker keeps" : `${others} workers keep`} r{previous} until somebody gives it to all.
          </span>
          <span className="flex flex-wrap gap-2">
            <Button size="small" variant="primary" disabled={busy || !may} onClick={() => startTransition(widen)}>
              Give r{number} to all workers
            </Button>
            {!onTrial && (
              <Button size="small" disabled={busy || !may} onClick={() => startTransition(revert)}>
                Take r{number} back
              </Button>
            )}
          </span>
          <PermissionNote permission="publish" />
        </div>
      </Notice>
    </div>
  );
}
