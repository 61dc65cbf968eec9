"use client";
import { useState } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { revokeTokenAction } from "#lib/api-tokens/actions.ts";

/** Ends a token, after a question. */
export function RevokeToken({ tokenId, name }: { tokenId: string; name: string }) {
  const toast = useToast();
  const may = useMay("make-tokens");
  const [asking, setAsking] = useState(false);
  async function revoke() {
    const answer = await answered(revokeTokenAction({ tokenId }));
    if (answer.ok) toast("done", `Token “${name}” is refused from now on.`);
    else toast("fault", answer.error.message);
  }
  return (
    <>
      <Button size="small" aria-label={`Revoke ${name}`} disabled={!may} onClick={() => setAsking(true)}>
        Revoke
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Revoke token “${name}”`}
        confirmLabel="Revoke it"
        danger
        onConfirm={revoke}
      >
        Programs that use it are refused at once. This cannot be undone; make a new one for them.
      </ConfirmDialog>
    </>
  );
}
