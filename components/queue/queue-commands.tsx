"use client";
import { Pause, Play, RotateCw, Trash2, Undo2 } from "lucide-react";
import { useState, useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { QueueCommand } from "#core/contract/queue.ts";
import { runQueueCommand } from "#lib/queue/actions.ts";
import type { QueueCommandResult } from "#lib/queue/selection.ts";
import { countMessages, QueueResults } from "./queue-results.tsx";
import { ReturnDialog } from "./return-dialog.tsx";

type Named = { workerId: string; id: string };

const commands = [
  { command: "retry-now", icon: RotateCw, label: (n: string) => `Retry ${n}now`, effect: "Due at once" },
  { command: "hold", icon: Pause, label: (n: string) => `Hold ${n}`, effect: "No attempts until released" },
  { command: "release", icon: Play, label: (n: string) => `Release ${n}`, effect: "Ends a hold; due at once" },
  {
    command: "return",
    icon: Undo2,
    label: (n: string) => `Return ${n}to the sender`,
    effect: "It fails; senders are told",
  },
  {
    command: "delete",
    icon: Trash2,
    label: (n: string) => `Delete ${n}without bounce`,
    effect: "Senders are not told",
  },
] as const;

const done: Record<QueueCommand, string> = {
  "retry-now": "due now",
  hold: "held",
  release: "released",
  delete: "deleted; senders are not told",
  return: "returned; senders are told",
  reroute: "sent on by another route",
};

/** The commands for the selected messages. What the workers refuse or do later is listed with its reason. */
export function QueueCommands({ selected, onDone }: { selected: readonly Named[]; onDone: () => void }) {
  const toast = useToast();
  const [busy, startTransition] = useTransition();
  const [asking, setAsking] = useState<"delete" | "return" | null>(null);
  const [results, setResults] = useState<QueueCommandResult[]>([]);

  async function run(command: QueueCommand, text?: string) {
    const entries = selected.map(({ workerId, id }) => ({ workerId, id }));
    const answer = await answered(runQueueCommand({ command, entries, text }));
    if (!answer.ok) {
      toast("fault", answer.error.message);
      return;
    }
    const carriedOut = answer.value.filter((result) => result.done && result.reason === null).length;
    setResults(answer.value);
    if (carriedOut > 0) toast("done", `${countMessages(carriedOut)} ${done[command]}.`);
    onDone();
  }

  const count = selected.length;
  return (
    <div className="flex flex-col gap-2">
      <div role="group" aria-label="Commands for the selected messages" className="flex flex-wrap items-center gap-2">
        {commands.map(({ command, icon: Icon, label, effect }) => (
          <Button
            key={command}
            size="small"
            title={effect}
            variant={command === "delete" ? "danger" : "secondary"}
            disabled={busy || count === 0}
            onClick={() =>
              command === "delete" || command === "return" ? setAsking(command) : startTransition(() => run(command))
            }
          >
            <Icon aria-hidden size={14} />
            {label(count === 0 ? "" : `${count} `)}
          </Button>
        ))}
        <span role="status" className="text-muted">
          {busy ? "Asking the worker…" : `${count} selected`}
        </span>
      </div>
      <QueueResults results={results} />
      <ConfirmDialog
        open={asking === "delete"}
        onOpenChange={(open) => open || setAsking(null)}
        title={`Delete ${countMessages(count)}`}
        confirmLabel={`Delete ${count} without bounce`}
        danger
        onConfirm={() => run("delete")}
      >
        {countMessages(count)} will not be delivered. Senders are not told. This cannot be undone.
      </ConfirmDialog>
      {asking === "return" && (
        <ReturnDialog count={count} onClose={() => setAsking(null)} onReturn={(text) => run("return", text)} />
      )}
    </div>
  );
}
