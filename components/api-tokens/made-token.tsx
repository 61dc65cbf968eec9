"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";

type MadeTokenProps = { name: string; token: string; onClose: () => void };

/** A new token, the only time that it can be read. */
export function MadeToken({ name, token, onClose }: MadeTokenProps) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    // Without a secure context browsers have no clipboard: then it is copied by hand.
    await navigator.clipboard?.writeText(token).then(
      () => setCopied(true),
      () => undefined,
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Token “${name}”`}
      footer={
        <>
          <Button onClick={copy}>{copied ? "Copied" : "Copy"}</Button>
          <Button variant="primary" onClick={onClose}>
            I have kept it
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Notice kind="warning">It is shown this once. Who has it can do what it may, so keep it as a password.</Notice>
        <Field label="Token" hint="For POSTERN_TOKEN, or the header Authorization: Bearer.">
          {(control) => (
            <Input
              {...control}
              readOnly
              className="font-mono text-sm"
              value={token}
              onFocus={({ target }) => target.select()}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
