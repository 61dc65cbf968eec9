"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { countEntries } from "./kept-words.ts";

/** From here on the count has to be typed. */
const typedFrom = 100;

type DeleteDialogProps = {
  count: number;
  onClose: () => void;
  /** Resolves with why it was not done, or null. */
  onDelete: (reason: string) => Promise<string | null>;
};

/** Asks before something is gone for good. */
export function DeleteDialog({ count, onClose, onDelete }: DeleteDialogProps) {
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const mustType = count >= typedFrom;

  async function remove() {
    setBusy(true);
    const failure = await onDelete(reason.trim());
    setBusy(false);
    if (failure === null) onClose();
    else setRefusal(failure);
  }

  return (
    <Dialog
      open
      holdsInput
      onOpenChange={(open) => open || onClose()}
      title={`Delete ${countEntries(count)}`}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Keep as it is
          </Button>
          <Button variant="danger" onClick={remove} disabled={busy || (mustType && typed.trim() !== String(count))}>
            Delete {countEntries(count)}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {refusal !== null && (
          <Notice kind="fault">
            <ForeignText text={refusal} />
          </Notice>
        )}
        <p>Nobody gets it, senders are not told, and it cannot be undone.</p>
        <Field label="Reason (optional)" hint="In the audit log.">
          {(control) => (
            <Input {...control} value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
          )}
        </Field>
        {mustType && (
          <Field label={`Type ${count} to delete them`}>
            {(control) => (
              <Input {...control} inputMode="numeric" value={typed} onChange={({ target }) => setTyped(target.value)} />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}
