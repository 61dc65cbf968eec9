"use client";
import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** Count, scope and whether it can be undone. */
  children: ReactNode;
  /** The verb and its effect: "Delete 3 messages", never "OK". */
  confirmLabel: string;
  danger?: boolean;
  /** The dialog stays open and busy until it settles, then closes. */
  onConfirm: () => Promise<unknown> | void;
};

/** Asks before something that is felt elsewhere. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, children, confirmLabel, danger, onConfirm } = props;
  const [busy, setBusy] = useState(false);
  async function confirm() {
    setBusy(true);
    try {
      await onConfirm();
      onOpenChange(false);
    } finally {
      setBusy(false);
    }
  }
  const buttons = (
    <>
      <Button onClick={() => onOpenChange(false)} disabled={busy}>
        Keep as it is
      </Button>
      <Button variant={danger ? "danger" : "primary"} onClick={confirm} disabled={busy}>
        {confirmLabel}
      </Button>
    </>
  );
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} footer={buttons}>
      {children}
    </Dialog>
  );
}
