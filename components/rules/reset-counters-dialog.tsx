import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";

type ResetCountersDialogProps = {
  /** `rule “a”`, `2 rules`. */
  what: string;
  many: boolean;
  onClose: () => void;
  onReset: () => void;
};

/** Asks before counters begin anew: that is no edit of the draft, and nothing brings them back. */
export function ResetCountersDialog({ what, many, onClose, onReset }: ResetCountersDialogProps) {
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Reset the counters of ${what}`}
      confirmLabel={`Count ${what} anew from now on`}
      danger
      onConfirm={onReset}
    >
      <p>
        Hits, the bars of the last 24 hours and the last hit of {many ? "these rules" : "the rule"} begin anew, for
        everyone and at once: this is no edit of the draft, and cannot be undone. What they are now stays in the audit
        log.
      </p>
      <p className="mt-2">Messages, and what was decided about them, stay as they are.</p>
    </ConfirmDialog>
  );
}
