"use client";
import { useRouter } from "next/navigation";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";

/** The address names a rule or a ruleset that the draft no longer has. */
export function RuleGone({ closeHref }: { closeHref: string }) {
  const router = useRouter();
  const close = () => router.push(closeHref, { scroll: false });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || close()}
      title="Not in the draft"
      footer={
        <Button variant="primary" onClick={close}>
          Show the policies
        </Button>
      }
    >
      This rule was deleted from the draft, or another document was imported. The revisions still show what it was.
    </Dialog>
  );
}
