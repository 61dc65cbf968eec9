"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { discardDraftAction, publishAction } from "#lib/revisions/actions.ts";

type PublishFormProps = {
  /** The number that it would get. */
  next: number;
  /** The draft as it is shown: only that is published. */
  draftDigest: string;
  changes: number;
  canPublish: boolean;
  /** What the draft would do harm with, in sentences: named before it is published. */
  harms: readonly string[];
  /** Nothing was published before: there is nothing to go back to. */
  canDiscard: boolean;
};

/** The comment, and the buttons that make it live or throw it away. */
export function PublishForm({ next, draftDigest, changes, canPublish, harms, canDiscard }: PublishFormProps) {
  const toast = useToast();
  const [comment, setComment] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [discarding, setDiscarding] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const [busy, startTransition] = useTransition();

  function publish() {
    setRefusal(null);
    startTransition(async () => {
      const result = await answered(publishAction({ comment, draftDigest }));
      if (!result.ok) {
        setRefusal(result.error.message);
        return;
      }
      const { number, workers } = result.value;
      const applied = workers.filter((worker) => worker.applied).length;
      setComment("");
      if (applied === workers.length)
        toast("done", `r${number} is live; ${applied} of ${workers.length} workers took it.`);
      else toast("fault", `r${number} was published, but only ${applied} of ${workers.length} workers took it.`);
    });
  }

  async function discard() {
    const result = await answered(discardDraftAction({ draftDigest }));
    if (!result.ok) setRefusal(result.error.message);
    else toast("done", "The draft is as published again.");
  }

  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (harms.length > 0) setConfirming(true);
        else publish();
      }}
    >
      {refusal !== null && (
        <Notice kind="fault">
          <span className="whitespace-pre-line">{refusal}</span>
        </Notice>
      )}
      <Field label="Comment" hint="Optional. Stands in the history and in the audit log.">
        {(control) => (
          <Input {...control} maxLength={500} value={comment} onChange={({ target }) => setComment(target.value)} />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" disabled={busy || !canPublish}>
          {busy ? "Publishing…" : `Publish r${next}`}
        </Button>
        {canDiscard && (
          <Button variant="danger" disabled={busy} onClick={() => setDiscarding(true)}>
            Discard {countWords(changes)}
          </Button>
        )}
      </div>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={harms.length === 1 ? "This draft does harm" : `This draft does harm in ${harms.length} places`}
        confirmLabel={`Publish r${next} all the same`}
        danger
        onConfirm={publish}
      >
        <ul className="list-disc ps-4">
          {harms.map((harm) => (
            <li key={harm}>{harm}</li>
          ))}
        </ul>
      </ConfirmDialog>
      <ConfirmDialog
        open={discarding}
        onOpenChange={setDiscarding}
        title="Discard the draft"
        confirmLabel={`Discard ${countWords(changes)}`}
        danger
        onConfirm={discard}
      >
        {countWords(changes)} of all administrators go away. This cannot be undone; what is live is not touched.
      </ConfirmDialog>
    </form>
  );
}

function countWords(changes: number): string {
  return changes === 1 ? "1 change" : `${changes} changes`;
}
