"use client";
import { useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { useToast } from "#components/ui/toast.tsx";
import type { DestinationCommand } from "#core/contract/queue.ts";
import { runDestinationCommand } from "#lib/queue/actions.ts";
import { destinationName } from "./cause-words.ts";

const done: Record<DestinationCommand, string> = {
  suspend: "no attempts until it is resumed",
  resume: "attempts go on",
  probe: "asked whether it serves",
};

type Destination = { route: string; destination: string };

/** Commands for a destination; what each worker said is told in a toast. */
export function useDestinationCommand() {
  const toast = useToast();
  const [busy, startTransition] = useTransition();

  async function ask(command: DestinationCommand, { route, destination }: Destination) {
    const name = destinationName({ route, destination });
    const answer = await answered(runDestinationCommand({ command, route, destination }));
    if (!answer.ok) {
      toast("fault", answer.error.message);
      return;
    }
    for (const { worker, done: isDone, reason } of answer.value) {
      const said = reason ?? (isDone ? done[command] : "refused");
      toast(
        isDone ? "done" : "fault",
        answer.value.length === 1 ? `${name}: ${said}` : `${name} at ${worker}: ${said}`,
      );
    }
  }

  return {
    busy,
    run: (command: DestinationCommand, of: Destination) => startTransition(() => ask(command, of)),
  };
}
