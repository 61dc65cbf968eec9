"use client";
import { useState } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { discardDraftAction } from "#lib/revisions/actions.ts";

type DiscardDraftProps = {
  draftDigest: string;
  changes: number;
  busy: boolean;
  onRefused: (why: string) => void;
};

/** Throws the draft away, after a question. */
export function DiscardDraft({ draftDigest, changes, busy, onRefused }: DiscardDraftProps) {
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const words = changes === 1 ? "1 change" : `${changes} changes`;

  async function discard() {
    const result = await answered(discardDraftAction({ draftDigest }));
    if (!result.ok) onRefused(result.error.message);
    else toast("done", "The draft is as published again.", result.undo);
  }

  return (
    <>
      <Button variant="danger" disabled={busy} onClick={() => setAsking(true)}>
        Discard {words}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Discard the draft"
        confirmLabel={`Discard ${words}`}
        danger
        onConfirm={discard}
      >
        {words} of all administrators go away; what is live is not touched. It can be undone for a while, unless
        somebody changes the same meanwhile.
      </ConfirmDialog>
    </>
  );
}
