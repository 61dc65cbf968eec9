"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { drainWorkerAction } from "#lib/workers/actions.ts";

type DrainButtonProps = { workerId: string; name: string; draining: boolean };

/** Takes a worker out of work before it is stopped, or back into it. */
export function DrainButton({ workerId, name, draining }: DrainButtonProps) {
  const toast = useToast();
  const [busy, startTransition] = useTransition();
  const [asking, setAsking] = useState(false);

  async function drain(on: boolean) {
    const answer = await answered(drainWorkerAction({ workerId, on }));
    if (answer.ok) toast("done", on ? `Worker ${name} drains.` : `Worker ${name} works again.`);
    else toast("fault", answer.error.message);
  }

  if (draining) {
    return (
      <Button size="small" disabled={busy} onClick={() => startTransition(() => drain(false))}>
        End the drain
      </Button>
    );
  }
  return (
    <>
      <Button size="small" onClick={() => setAsking(true)}>
        Drain
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Drain worker ${name}`}
        confirmLabel="Drain it"
        onConfirm={() => drain(true)}
      >
        It refuses new connections for now (421) and begins no delivery attempts; what is under way finishes. It works
        again when you end the drain, or when it is restarted.
      </ConfirmDialog>
    </>
  );
}
