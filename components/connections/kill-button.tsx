"use client";
import { useState } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { killSessionsAction } from "#lib/connections/actions.ts";
import type { RunningSession } from "#lib/connections/queries.ts";

const banMinutes = 60;

/** Ends one session, after asking whether its client shall stay away. */
export function KillButton({ session }: { session: RunningSession }) {
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const [ban, setBan] = useState(false);
  const { id, workerId, worker, client, protocol } = session;

  async function kill() {
    const order = { workerId, ids: [id], banMinutes: ban ? banMinutes : null };
    const answer = await answered(killSessionsAction(order));
    if (!answer.ok) return toast("fault", answer.error.message);
    if (answer.value.done === 0) return toast("done", `The connection of ${client.address} was over already.`);
    return toast("done", `The connection of ${client.address} is ended${ban ? ", and its address is blocked" : ""}.`);
  }

  return (
    <>
      <Button size="small" aria-label={`End the connection of ${client.address}`} onClick={() => setOpen(true)}>
        End
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`End the connection of ${client.address}?`}
        confirmLabel={ban ? "End and block" : "End the connection"}
        danger
        onConfirm={kill}
      >
        <div className="flex flex-col gap-3">
          <p>
            The client hears {protocol === "smtp" ? "421" : "-ERR [SYS/TEMP]"} and may come again.{" "}
            {protocol === "smtp"
              ? "A message that was not answered yet is sent again by it."
              : "Nothing of the mailbox is deleted."}
          </p>
          <Checkbox
            label={`Block the address for ${banMinutes} minutes, at worker ${worker}`}
            checked={ban}
            onChange={({ target }) => setBan(target.checked)}
          />
        </div>
      </ConfirmDialog>
    </>
  );
}
