"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { replyText } from "#core/contract/action.ts";
import { countMessages } from "./queue-results.tsx";

type ReturnDialogProps = {
  command: "return" | "bounce";
  count: number;
  onClose: () => void;
  onReturn: (text: string | undefined) => Promise<void>;
};

const words = {
  return: {
    title: (mail: string) => `Return ${mail} to the sender`,
    confirm: (mail: string) => `Return ${mail}`,
    effect:
      "Nothing more is tried. Senders are told where the route has reports to senders; without them nobody is. The mail stays in the queue as failed for a while: “Retry now” sends it after all.",
  },
  bounce: {
    title: (mail: string) => `Delete ${mail} with a notice to the sender`,
    confirm: (mail: string) => `Delete ${mail}`,
    effect:
      "Senders are told that it was not delivered, then it is gone. Mail without a sender, and mail of routes without reports to senders, is left as it is. This cannot be undone.",
  },
} as const;

/** Asks what senders are to be told before their mail goes back. */
export function ReturnDialog({ command, count, onClose, onReturn }: ReturnDialogProps) {
  const { title, confirm, effect } = words[command];
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const given = text.trim() === "" ? undefined : text.trim();
  const read = replyText.optional().safeParse(given);
  const problem = read.success ? undefined : read.error.issues[0]?.message;

  async function giveBack() {
    setBusy(true);
    await onReturn(given);
    setBusy(false);
    onClose();
  }

  return (
    <Dialog
      open
      holdsInput
      onOpenChange={(open) => open || onClose()}
      title={title(countMessages(count))}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Keep as it is
          </Button>
          <Button variant="danger" onClick={giveBack} disabled={busy || problem !== undefined}>
            {confirm(countMessages(count))}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p>{effect}</p>
        <Field
          label="What senders are told (optional)"
          hint="Printable ASCII. Empty: Returned by an administrator."
          error={problem}
        >
          {(control) => (
            <Input {...control} value={text} maxLength={200} onChange={({ target }) => setText(target.value)} />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
