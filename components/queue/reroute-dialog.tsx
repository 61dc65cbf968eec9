"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { countMessages } from "./queue-results.tsx";

type RerouteDialogProps = {
  count: number;
  routes: readonly string[];
  onClose: () => void;
  onReroute: (route: string) => Promise<void>;
};

/** Asks by which route mail is to go from now on. */
export function RerouteDialog({ count, routes, onClose, onReroute }: RerouteDialogProps) {
  const [route, setRoute] = useState(routes[0] ?? "");
  const [busy, setBusy] = useState(false);

  async function send() {
    setBusy(true);
    await onReroute(route);
    setBusy(false);
    onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Send ${countMessages(count)} by another route`}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Keep as it is
          </Button>
          <Button variant="primary" onClick={send} disabled={busy || route === ""}>
            Send {countMessages(count)} on
          </Button>
        </>
      }
    >
      <Field label="Route" hint="It is due at once, by that route’s servers and schedule.">
        {(control) => (
          <Select {...control} value={route} onChange={({ target }) => setRoute(target.value)}>
            {routes.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        )}
      </Field>
    </Dialog>
  );
}
