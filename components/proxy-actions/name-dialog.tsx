"use client";
import { type ReactNode, useId, useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { NameField } from "#components/ui/form-fields.tsx";
import { nameSchema } from "#core/contract/name.ts";

type NameDialogProps = {
  title: string;
  confirmLabel: string;
  initial: string;
  children: ReactNode;
  onClose: () => void;
  /** Null when it was done, else why not: the dialog stays open with what was typed. */
  onConfirm: (name: string) => Promise<string | null>;
};

/** Asks for the name of something new. */
export function NameDialog({ title, confirmLabel, initial, children, onClose, onConfirm }: NameDialogProps) {
  const formId = useId();
  const [name, setName] = useState(initial);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, startTransition] = useTransition();
  const read = nameSchema.safeParse(name.trim());
  const problem = read.success ? refusal : name.trim() === "" ? "Give it a name." : read.error.issues[0]?.message;
  function confirm() {
    if (!read.success) return;
    startTransition(async () => {
      const why = await onConfirm(read.data);
      setRefusal(why);
      if (why === null) onClose();
    });
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={title}
      footer={
        <>
          <Button disabled={busy} onClick={onClose}>
            Keep as it is
          </Button>
          <Button variant="primary" type="submit" form={formId} disabled={busy || !read.success}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <p>{children}</p>
        <NameField
          value={name}
          problem={problem ?? undefined}
          onChange={(value) => {
            setName(value);
            setRefusal(null);
          }}
        />
      </form>
    </Dialog>
  );
}
