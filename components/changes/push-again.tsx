"use client";
import { useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { pushAgainAction } from "#lib/revisions/actions.ts";

/** Gives the live revision to the workers once more. */
export function PushAgain({ number }: { number: number }) {
  const toast = useToast();
  const may = useMay("operate");
  const [busy, startTransition] = useTransition();
  function push() {
    startTransition(async () => {
      const result = await answered(pushAgainAction({}));
      if (!result.ok) toast("fault", result.error.message);
      else if (result.value.workers.every(({ applied }) => applied)) toast("done", `Every worker took r${number}.`);
      else toast("fault", "Not every worker took it; the answers are in the table.");
    });
  }
  return (
    <>
      <Button size="small" disabled={busy || !may} onClick={push}>
        {busy ? "Asking the workers…" : `Push r${number} again`}
      </Button>
      <PermissionNote permission="operate" />
    </>
  );
}
