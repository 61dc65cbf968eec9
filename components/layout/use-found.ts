"use client";
import { useEffect, useState } from "react";
import { type Found, foundAnswerSchema } from "#core/contract/found.ts";

const pauseMs = 150;

/** `found` answers to `text`, which is the newest that was answered. */
type Answer = { text: string; found: readonly Found[]; failed: boolean };
const nothingAsked: Answer = { text: "", found: [], failed: false };

/**
 * What the console finds for a text, asked once nobody types for a moment; what was found for the text before stands until then. `asking`:
 * the answer is still to come.
 */
export function useFound(text: string): Omit<Answer, "text"> & { asking: boolean } {
  const [answer, setAnswer] = useState(nothingAsked);
  useEffect(() => {
    if (text === "") return setAnswer(nothingAsked);
    const asked = new AbortController();
    const timer = setTimeout(async () => {
      const found = await askFor(text, asked.signal);
      if (!asked.signal.aborted) setAnswer({ text, found: found ?? [], failed: found === null });
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [text]);
  return { found: text === "" ? [] : answer.found, failed: answer.failed, asking: answer.text !== text };
}

/** Null: the console gave no answer. */
async function askFor(text: string, signal: AbortSignal): Promise<readonly Found[] | null> {
  try {
    const answer = await fetch(`/api/find?${new URLSearchParams({ text })}`, { signal });
    return answer.ok ? foundAnswerSchema.parse(await answer.json()).found : null;
  } catch {
    return null;
  }
}
