"use client";
import { Ban } from "lucide-react";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { NumberField, TextField } from "#components/ui/form-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { numberOf, problemsSoFar, readForm } from "#components/ui/read-form.ts";
import { useToast } from "#components/ui/toast.tsx";
import { type NewBan, newBanSchema } from "#core/contract/ban.ts";
import { banAddressAction } from "#lib/bans/actions.ts";
import { resultNote } from "./result-note.ts";

const empty = { address: "", minutes: "", reason: "" };

/** Opens the form that blocks an address at every worker. */
export function BanButton({ disabled }: { disabled: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="primary"
        disabled={disabled}
        title={disabled ? "No worker is enrolled" : undefined}
        onClick={() => setOpen(true)}
      >
        <Ban aria-hidden size={14} />
        Block an address
      </Button>
      {open && <BanDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function BanDialog({ onClose }: { onClose: () => void }) {
  const toast = useToast();
  const [busy, startTransition] = useTransition();
  const [form, setForm] = useState(empty);
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const read = readForm(newBanSchema, { ...form, address: form.address.trim(), minutes: numberOf(form.minutes) });
  const problems = problemsSoFar(read, tried);
  const change = (changes: Partial<typeof empty>) => setForm((before) => ({ ...before, ...changes }));

  async function block(ban: NewBan) {
    const answer = await answered(banAddressAction(ban));
    if (!answer.ok) return setRefusal(answer.error.message);
    const { kind, text } = resultNote(`${ban.address} is blocked`, answer.value);
    toast(kind, text);
    return onClose();
  }

  function submit() {
    setTried(true);
    setRefusal(null);
    if (read.ok) startTransition(() => block(read.value));
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Block an address"
      description="Every worker refuses its connections, SMTP and POP3, from now on. Sessions that run are not cut."
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button variant="danger" type="submit" form="ban" disabled={busy}>
            Block
          </Button>
        </>
      }
    >
      <form
        id="ban"
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {refusal && <Notice kind="fault">{refusal}</Notice>}
        <TextField
          label="Address"
          help="IPv4 or IPv6, one address."
          autoComplete="off"
          spellCheck={false}
          value={form.address}
          problem={problems.address}
          onChange={(address) => change({ address })}
        />
        <NumberField
          label="For"
          unit="minutes"
          schema={newBanSchema.shape.minutes}
          value={form.minutes}
          problem={problems.minutes}
          onChange={(minutes) => change({ minutes })}
        />
        <TextField
          label="Reason"
          help="For your colleagues: it stands in the list and in the audit log. The source does not hear it."
          value={form.reason}
          problem={problems.reason}
          maxLength={500}
          onChange={(reason) => change({ reason })}
        />
      </form>
    </Dialog>
  );
}
