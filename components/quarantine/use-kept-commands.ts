"use client";
import { useState } from "react";
import { answered } from "#components/ui/answered.ts";
import { useToast } from "#components/ui/toast.tsx";
import { commandQuarantineAction, startQuarantineJob } from "#lib/quarantine/actions.ts";
import type { EntryRef, QuarantineResult } from "#lib/quarantine/quarantine-input.ts";
import type { QuarantineFilter } from "#lib/quarantine/search.ts";
import { countEntries, listedWords } from "./kept-words.ts";
import type { ReleaseChoice } from "./release-dialog.tsx";

/** What a command is about: entries one by one, or all that a search finds. */
export type CommandScope = { entries: readonly EntryRef[] } | { filter: QuarantineFilter; count: number };

/** The two commands; each resolves with why it was not given, or null. What the workers refused is in `results`. */
export function useKeptCommands(scope: CommandScope, onDone: () => void) {
  const toast = useToast();
  const [results, setResults] = useState<QuarantineResult[]>([]);

  async function startJob(order: Parameters<typeof startQuarantineJob>[0]): Promise<string | null> {
    const answer = await answered(startQuarantineJob(order));
    if (!answer.ok) return answer.error.message;
    toast("done", "The job has begun; this page shows how far it is.");
    onDone();
    return null;
  }

  async function run(order: Parameters<typeof commandQuarantineAction>[0]): Promise<string | null> {
    const answer = await answered(commandQuarantineAction(order));
    if (!answer.ok) return answer.error.message;
    const { results: all, listed } = answer.value;
    const done = all.filter((result) => result.done).length;
    setResults(all);
    if (done > 0) toast("done", `${countEntries(done)} ${order.command === "release" ? "released" : "deleted"}.`);
    for (const sender of listed) toast("done", listedWords(sender));
    if (done > 0) onDone();
    return null;
  }

  const refs = (entries: readonly EntryRef[]) => entries.map(({ workerId, id }) => ({ workerId, id }));
  return {
    results,
    release({ allowSenders, recipients, ...choice }: ReleaseChoice): Promise<string | null> {
      if ("filter" in scope) return startJob({ command: "release", ...choice, filter: scope.filter });
      const some = recipients === undefined ? {} : { recipients };
      return run({ command: "release", ...choice, allowSenders, ...some, entries: refs(scope.entries) });
    },
    remove(reason: string): Promise<string | null> {
      if ("filter" in scope) return startJob({ command: "delete", reason, filter: scope.filter });
      return run({ command: "delete", reason, entries: refs(scope.entries) });
    },
  };
}
