"use client";
import { UserPlus } from "lucide-react";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { NameField, TextField } from "#components/ui/form-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import type { ActionError } from "#lib/action.ts";
import { addPersonAction } from "#lib/people/actions.ts";
import { type May, MayFields } from "./may-fields.tsx";
import { OnceLink } from "./once-link.tsx";

/** Opens the form that makes an account; the link for its person is shown once. */
export function AddPerson() {
  const may = useMay("manage-people");
  const [open, setOpen] = useState(false);
  return (
    <>
      <PermissionNote permission="manage-people" what="Managing people" />
      <Button variant="primary" disabled={!may} onClick={() => setOpen(true)}>
        <UserPlus aria-hidden size={14} />
        Add person
      </Button>
      {open && <AddPersonDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function AddPersonDialog({ onClose }: { onClose: () => void }) {
  const [busy, startTransition] = useTransition();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [may, setMay] = useState<May>({ role: "viewer", permissions: [] });
  const [error, setError] = useState<ActionError | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const problem = (field: string) => error?.fields?.[field]?.[0];

  function submit() {
    startTransition(async () => {
      const { role, permissions } = may;
      const answer = await answered(addPersonAction({ name, email, role, permissions: [...permissions] }));
      if (answer.ok) setLink(answer.value.link);
      else setError(answer.error);
    });
  }

  if (link !== null) return <OnceLink name={name.trim()} link={link} onClose={onClose} />;
  return (
    <Dialog
      open
      holdsInput
      onOpenChange={(open) => !open && onClose()}
      title="Add a person"
      description="They choose a password themselves, with a link that you send them."
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" form="person" disabled={busy}>
            Add person and make the link
          </Button>
        </>
      }
    >
      <form
        id="person"
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {error !== null && error.fields === undefined && <Notice kind="fault">{error.message}</Notice>}
        <NameField
          help="The audit log names them so."
          autoComplete="off"
          value={name}
          problem={problem("name")}
          onChange={setName}
        />
        <TextField
          label="E-mail address"
          help="They sign in with it; nothing is sent there."
          type="email"
          autoComplete="off"
          maxLength={254}
          value={email}
          problem={problem("email")}
          onChange={setEmail}
        />
        <MayFields may={may} onChange={setMay} />
      </form>
    </Dialog>
  );
}
