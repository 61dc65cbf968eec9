"use client";
import { useState } from "react";
import { answered } from "#components/ui/answered.ts";
import { useToast } from "#components/ui/toast.tsx";
import type { QueueCommand } from "#core/contract/queue.ts";
import { runQueueCommand, startQueueJob } from "#lib/queue/actions.ts";
import type { QueueFilter } from "#lib/queue/search.ts";
import type { QueueCommandResult, QueueRef } from "#lib/queue/selection.ts";
import { countMessages } from "./queue-results.tsx";

const done: Record<QueueCommand, string> = {
  "retry-now": "due now",
  hold: "held",
  release: "released",
  delete: "deleted; senders are not told",
  return: "returned; senders are told",
  bounce: "deleted; senders were told",
  reroute: "sent on by another route",
};

/** What a command is about: messages one by one, or all that a search finds. */
export type CommandScope = { entries: readonly QueueRef[] } | { filter: QueueFilter; count: number };
/** `text`: of a return or bounce. `route`: of a reroute. */
export type CommandDetail = { text?: string | undefined; route?: string };

/** Gives commands; what the workers refuse or do later is in `results`. */
export function useQueueCommands(scope: CommandScope, onDone: () => void) {
  const toast = useToast();
  const [results, setResults] = useState<QueueCommandResult[]>([]);

  async function run(command: QueueCommand, detail: CommandDetail = {}): Promise<void> {
    if ("filter" in scope) {
      const answer = await answered(startQueueJob({ command, ...detail, filter: scope.filter }));
      if (!answer.ok) return toast("fault", answer.error.message);
      toast("done", "The job has begun; this page shows how far it is.");
      return onDone();
    }
    const entries = scope.entries.map(({ workerId, id }) => ({ workerId, id }));
    const answer = await answered(runQueueCommand({ command, ...detail, entries }));
    if (!answer.ok) return toast("fault", answer.error.message);
    const carriedOut = answer.value.filter((result) => result.done && result.reason === null).length;
    setResults(answer.value);
    if (carriedOut > 0) toast("done", `${countMessages(carriedOut)} ${done[command]}.`);
    onDone();
  }

  return { results, run };
}
