"use client";
import { useTransition } from "react";
import { answered } from "#components/ui/answered.ts";
import { Button } from "#components/ui/button.tsx";
import { givenWords } from "#components/ui/given-words.ts";
import { useToast } from "#components/ui/toast.tsx";
import { giveCredentialsAction } from "#lib/credentials/actions.ts";

/** Gives the credentials to the workers once more. */
export function GiveAgain() {
  const toast = useToast();
  const [busy, startTransition] = useTransition();
  function give() {
    startTransition(async () => {
      const result = await answered(giveCredentialsAction({}));
      if (!result.ok) return toast("fault", result.error.message);
      const { ok, words } = givenWords(result.value.workers);
      toast(ok ? "done" : "fault", words);
    });
  }
  return (
    <Button disabled={busy} onClick={give}>
      Give to the workers again
    </Button>
  );
}
