"use client";
import { useRouter } from "next/navigation";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

/** The address names something that is not there any more. `what` begins the sentence: `This route`. */
export function GoneDialog({ what, closeHref, back }: { what: string; closeHref: string; back: string }) {
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
      {what} was deleted, or another document was imported. The revisions still show what it was.
    </Dialog>
  );
}
