"use client";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ForeignText } from "#components/ui/foreign-text.tsx";
import { PermissionNote } from "#components/ui/permission-note.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { ShownField } from "#lib/messages/header-fields.ts";
import { lookAtHeadersAction } from "#lib/queue/actions.ts";
import type { QueueRef } from "#lib/queue/selection.ts";

/** The headers of a message as it is queued, once somebody asks: the look is in the audit log. */
export function MessageHeaders({ of: { workerId, id } }: { of: QueueRef }) {
  const toast = useToast();
  const may = useMay("read-mail");
  const [busy, startTransition] = useTransition();
  const [fields, setFields] = useState<readonly ShownField[] | null>(null);

  async function look() {
    const answer = await answered(lookAtHeadersAction({ workerId, id }));
    if (answer.ok) setFields(answer.value);
    else toast("fault", answer.error.message);
  }

  if (fields === null) {
    return (
      <>
        <Button size="small" disabled={busy || !may} onClick={() => startTransition(look)}>
          Show the headers
        </Button>
        <PermissionNote permission="read-mail" what="Looking into a message" />
      </>
    );
  }
  return (
    <ul aria-label="Headers" className="flex flex-col gap-1 font-mono text-sm">
      {fields.map(({ name, value }, index) => (
        <li key={index}>
          <ForeignText text={name} />: <ForeignText text={value} empty="(empty)" />
        </li>
      ))}
    </ul>
  );
}
