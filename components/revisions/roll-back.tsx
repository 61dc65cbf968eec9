"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { rollBackAction } from "#lib/revisions/actions.ts";

type RollBackProps = { number: number; next: number; draftChanges: number };

/** Publishes this revision's document again, as the next revision. */
export function RollBack({ number, next, draftChanges }: RollBackProps) {
  const router = useRouter();
  const toast = useToast();
  const may = useMay("publish");
  const [open, setOpen] = useState(false);
  const [comment, setComment] = useState("");

  async function rollBack() {
    const result = await answered(rollBackAction({ number, comment }));
    if (!result.ok) {
      toast("fault", result.error.message);
      return;
    }
    const applied = result.value.workers.filter((worker) => worker.applied).length;
    const words = `r${result.value.number} is live and equals r${number}; ${applied} of ${result.value.workers.length} workers took it.`;
    toast(applied === result.value.workers.length ? "done" : "fault", words);
    router.push("/changes");
  }

  return (
    <>
      <Button variant="danger" disabled={!may} onClick={() => setOpen(true)}>
        Roll back to r{number}
      </Button>
      <PermissionNote permission="publish" />
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Roll back to r${number}`}
        confirmLabel={`Publish r${next}, equal to r${number}`}
        danger
        onConfirm={rollBack}
      >
        <p>
          r{number} is published again as r{next} and takes effect at once. The history is kept.
        </p>
        {draftChanges > 0 && (
          <p className="mt-2">
            The draft stays as it is, with{" "}
            {draftChanges === 1 ? "its unpublished change" : `its ${draftChanges} unpublished changes`}; what r{number}{" "}
            lacks will show there as changes too.
          </p>
        )}
        <div className="mt-3">
          <Field label="Comment" hint="Optional.">
            {(control) => (
              <Input {...control} maxLength={500} value={comment} onChange={({ target }) => setComment(target.value)} />
            )}
          </Field>
        </div>
      </ConfirmDialog>
    </>
  );
}
