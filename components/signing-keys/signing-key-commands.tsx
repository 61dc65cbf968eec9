"use client";
import { useState } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { givenWords } from "#components/ui/given-words.ts";
import { useToast } from "#components/ui/toast.tsx";
import { activateSigningKeyAction, deleteSigningKeyAction, retireSigningKeyAction } from "#lib/signing-keys/actions.ts";
import type { SigningKeyView } from "#lib/signing-keys/queries.ts";

type Command = "activate" | "retire" | "delete";

const commands = {
  activate: {
    label: "Activate",
    run: activateSigningKeyAction,
    what: "From now on it signs for its domain. Another key of the domain and algorithm that signs now signs no more. Its DNS record must stand: without it every signature fails.",
    done: "signs now",
  },
  retire: {
    label: "Retire",
    run: retireSigningKeyAction,
    what: "It signs no more: unless another key of its domain signs, that mail goes unsigned. Leave its DNS record for some days: mail under way is checked with it.",
    done: "signs no more",
  },
  delete: {
    label: "Delete",
    run: deleteSigningKeyAction,
    what: "The key is gone for good, here and at the workers. Remove its DNS record some days later.",
    done: "was deleted",
  },
} as const;

/** What can be done with a key, each with a question before. */
export function SigningKeyCommands({ view }: { view: SigningKeyView }) {
  const toast = useToast();
  const [asked, setAsked] = useState<Command | null>(null);

  async function run(command: Command) {
    const { run: send, done } = commands[command];
    const result = await answered(send({ keyId: view.id, version: view.version }));
    if (!result.ok) return toast("fault", result.error.message);
    const { ok, words } = givenWords(result.value.workers);
    toast(ok ? "done" : "fault", `Signing key “${view.name}” ${done}. ${words}`);
  }

  const possible: readonly Command[] = view.active ? ["retire"] : ["activate", "delete"];
  return (
    <span className="flex flex-wrap gap-2">
      {possible.map((command) => (
        <span key={command}>
          <Button
            size="small"
            variant={command === "delete" ? "danger" : "secondary"}
            aria-label={`${commands[command].label} ${view.name}`}
            onClick={() => setAsked(command)}
          >
            {commands[command].label}
          </Button>
          <ConfirmDialog
            open={asked === command}
            onOpenChange={(open) => setAsked(open ? command : null)}
            title={`${commands[command].label} signing key “${view.name}”`}
            confirmLabel={commands[command].label}
            danger={command === "delete"}
            onConfirm={() => run(command)}
          >
            {commands[command].what}
          </ConfirmDialog>
        </span>
      ))}
    </span>
  );
}
