"use client";
import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";
import { Notice } from "./notice.tsx";

type ShownOnceProps = {
  title: string;
  /** Who can do what with it. */
  warning: ReactNode;
  label: string;
  hint: string;
  secret: string;
  onClose: () => void;
};

/** A secret that is shown this once, to be copied. */
export function ShownOnce({ title, warning, label, hint, secret, onClose }: ShownOnceProps) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    // Without a secure context browsers have no clipboard: then it is copied by hand.
    await navigator.clipboard?.writeText(secret).then(
      () => setCopied(true),
      () => undefined,
    );
  }
  return (
    <Dialog
      open
      holdsInput
      onOpenChange={(open) => !open && onClose()}
      title={title}
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
        <Notice kind="warning">{warning}</Notice>
        <Field label={label} hint={hint}>
          {(control) => (
            <Input
              {...control}
              readOnly
              className="font-mono text-sm"
              value={secret}
              onFocus={({ target }) => target.select()}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
