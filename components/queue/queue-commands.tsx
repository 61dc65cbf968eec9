"use client";
import { MailX, Pause, Play, RotateCw, Trash2, Undo2, Waypoints } from "lucide-react";
import { useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import type { QueueCommand } from "#core/contract/queue.ts";
import type { QueueFilter } from "#lib/queue/search.ts";
import type { QueueRef } from "#lib/queue/selection.ts";
import { countMessages, QueueResults } from "./queue-results.tsx";
import { RerouteDialog } from "./reroute-dialog.tsx";
import { ReturnDialog } from "./return-dialog.tsx";
import { useQueueCommands } from "./use-queue-commands.ts";

const commands = [
  { command: "retry-now", key: "n", icon: RotateCw, label: (n: string) => `Retry ${n}now`, effect: "Due at once" },
  { command: "hold", key: "h", icon: Pause, label: (n: string) => `Hold ${n}`, effect: "No attempts until released" },
  {
    command: "release",
    key: "r",
    icon: Play,
    label: (n: string) => `Release ${n}`,
    effect: "Ends a hold; due at once",
  },
  {
    command: "reroute",
    key: "m",
    icon: Waypoints,
    label: (n: string) => `Reroute ${n}`,
    effect: "By another route, at once",
  },
  {
    command: "return",
    key: "u",
    icon: Undo2,
    label: (n: string) => `Return ${n}to the sender`,
    effect: "It fails; senders are told",
  },
  {
    command: "bounce",
    key: "b",
    icon: MailX,
    label: (n: string) => `Delete ${n}with notice`,
    effect: "Senders are told, then it is gone",
  },
  {
    command: "delete",
    key: "d",
    icon: Trash2,
    label: (n: string) => `Delete ${n}without bounce`,
    effect: "Senders are not told",
  },
] as const;

type QueueCommandsProps = {
  selected: readonly QueueRef[];
  /** Everything that the search finds, in place of what is selected. */
  whole: { filter: QueueFilter; count: number } | null;
  /** Those that mail can be sent on by. */
  routes: readonly string[];
  onDone: () => void;
};

/** The commands for what is selected, each with its key. What is done with everything that a search finds, is asked for first. */
export function QueueCommands({ selected, whole, routes, onDone }: QueueCommandsProps) {
  const may = useMay("operate");
  const [busy, startTransition] = useTransition();
  const [asking, setAsking] = useState<QueueCommand | null>(null);
  const { results, run } = useQueueCommands(whole ?? { entries: selected }, onDone);
  const count = whole?.count ?? selected.length;
  const close = () => setAsking(null);
  const asksFirst = (command: QueueCommand) =>
    whole !== null || ["delete", "return", "bounce", "reroute"].includes(command);
  function ask(command: QueueCommand): void {
    if (busy || !may || count === 0) return;
    if (asksFirst(command)) setAsking(command);
    else startTransition(() => run(command));
  }

  const place = useKeys<HTMLDivElement>(
    Object.fromEntries(commands.map(({ command, key }) => [key, () => ask(command)])),
  );
  const confirmed = commands.find(({ command }) => command === asking);
  return (
    <div ref={place} className="flex flex-col gap-2">
      <div role="group" aria-label="Commands for the selected messages" className="flex flex-wrap items-center gap-2">
        {commands.map(({ command, key, icon: Icon, label, effect }) => (
          <Button
            key={command}
            size="small"
            title={`${effect} (key ${key})`}
            aria-keyshortcuts={key}
            variant={command === "delete" || command === "bounce" ? "danger" : "secondary"}
            disabled={busy || !may || count === 0}
            onClick={() => ask(command)}
          >
            <Icon aria-hidden size={14} />
            {label(count === 0 ? "" : `${count} `)}
          </Button>
        ))}
        <span role="status" className="text-muted">
          {busy ? "Asking the worker…" : whole === null ? `${count} selected` : `All ${count} matching selected`}
        </span>
      </div>
      <QueueResults results={results} />
      {(asking === "return" || asking === "bounce") && (
        <ReturnDialog command={asking} count={count} onClose={close} onReturn={(text) => run(asking, { text })} />
      )}
      {asking === "reroute" && (
        <RerouteDialog count={count} routes={routes} onClose={close} onReroute={(route) => run("reroute", { route })} />
      )}
      {confirmed !== undefined && asking !== "return" && asking !== "bounce" && asking !== "reroute" && (
        <ConfirmDialog
          open
          onOpenChange={(open) => open || close()}
          title={confirmed.label(`${countMessages(count)} `)}
          confirmLabel={confirmed.label(`${count} `)}
          danger={asking === "delete"}
          onConfirm={() => run(confirmed.command)}
        >
          {asking === "delete"
            ? `${countMessages(count)} will not be delivered. Senders are not told. This cannot be undone.`
            : `${confirmed.effect}, for everything that the search finds: ${countMessages(count)}.`}
        </ConfirmDialog>
      )}
    </div>
  );
}
