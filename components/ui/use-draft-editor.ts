"use client";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { answered } from "./answered.ts";
import { useToast } from "./toast.tsx";

type Answer = { ok: true } | { ok: false; error: { message: string } };

/** What every open editor of the draft keeps: whether it waits, why it was refused, whether a save was tried. `closeHref` is the page without it. */
export function useDraftEditor(closeHref: string) {
  const router = useRouter();
  const toast = useToast();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [saved, setSaved] = useState(false);
  const [busy, startTransition] = useTransition();
  const close = () => router.push(closeHref, { scroll: false });

  /** Waits for the answer: says `done` and closes, or shows why not; what was typed stays. */
  async function send(asked: Promise<Answer>, done: string): Promise<void> {
    setRefusal(null);
    const result = await answered(asked);
    if (!result.ok) {
      setRefusal(result.error.message);
      return;
    }
    setSaved(true);
    toast("done", done);
    close();
  }

  /** Marks the try; sends when there is something to send. */
  function submit(sending: (() => Promise<void>) | null): void {
    setTried(true);
    if (sending === null) {
      setRefusal("Not saved: some fields need another look. They say why.");
      return;
    }
    setRefusal(null);
    startTransition(sending);
  }

  return { busy, refusal, tried, saved, close, send, submit };
}
