"use client";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import type { ActionError, ActionResult } from "#lib/action.ts";
import { answered } from "./answered.ts";
import { useToast } from "./toast.tsx";

type Note = { kind: "done" | "fault"; text: string };
export type Editor = ReturnType<typeof useDraftEditor>;

/** What every open editor keeps: whether it waits, why it was refused, whether a save was tried. `closeHref` is the page without it. */
export function useDraftEditor(closeHref: string) {
  const router = useRouter();
  const toast = useToast();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [saved, setSaved] = useState(false);
  const [busy, startTransition] = useTransition();
  const close = () => router.push(closeHref, { scroll: false });

  /** Waits for the answer: tells what was done and closes, or shows why not, which it returns; what was typed stays. */
  async function sendAndTell<Value>(
    asked: Promise<ActionResult<Value>>,
    tell: (value: Value) => Note,
  ): Promise<ActionError | null> {
    setRefusal(null);
    const result = await answered(asked);
    if (!result.ok) {
      setRefusal(result.error.message);
      return result.error;
    }
    setSaved(true);
    const { kind, text } = tell(result.value);
    toast(kind, text, result.undo);
    close();
    return null;
  }

  /** The same where the words do not depend on the answer. */
  function send(asked: Promise<ActionResult<unknown>>, done: string): Promise<ActionError | null> {
    return sendAndTell(asked, () => ({ kind: "done", text: done }));
  }

  /** Marks the try; sends when there is something to send. */
  function submit(sending: (() => Promise<unknown>) | null): void {
    setTried(true);
    if (sending === null) {
      setRefusal("Not saved: some fields need another look. They say why.");
      return;
    }
    setRefusal(null);
    startTransition(async () => {
      await sending();
    });
  }

  /** Every problem is said from now on, as after a try to save. */
  const showProblems = () => setTried(true);

  return { busy, refusal, tried, saved, close, send, sendAndTell, submit, showProblems };
}
