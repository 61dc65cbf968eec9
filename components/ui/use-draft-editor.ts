"use client";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import type { ActionResult } from "#lib/action.ts";
import { answered } from "./answered.ts";
import { useToast } from "./toast.tsx";

type Note = string | { kind: "done" | "fault"; text: string };
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

  /** Waits for the answer: says what was done and closes, or shows why not; what was typed stays. */
  async function send<Value>(
    asked: Promise<ActionResult<Value>>,
    done: Note | ((value: Value) => Note),
  ): Promise<void> {
    setRefusal(null);
    const result = await answered(asked);
    if (!result.ok) {
      setRefusal(result.error.message);
      return;
    }
    setSaved(true);
    const note = typeof done === "function" ? done(result.value) : done;
    if (typeof note === "string") toast("done", note);
    else toast(note.kind, note.text);
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
