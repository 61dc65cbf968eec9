"use client";
import { useRouter } from "next/navigation";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

type GoneDialogProps = {
  /** Begins the sentence: `This route`. */
  what: string;
  closeHref: string;
  back: string;
  /** A sentence where it did not go by itself. */
  why?: string;
};

/** The address names something that is not there any more. */
export function GoneDialog({ what, closeHref, back, why }: GoneDialogProps) {
  const router = useRouter();
  const close = () => router.push(closeHref, { scroll: false });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || close()}
      title="Not there any more"
      footer={
        <Button variant="primary" onClick={close}>
          {back}
        </Button>
      }
    >
      {what} {why === undefined ? "was deleted, or another document was imported." : `is none any more: ${why}`} The
      revisions still show what it was.
    </Dialog>
  );
}
