"use client";
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let now = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
    now = 0;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

function current(): number {
  if (now === 0) now = Date.now();
  return now;
}

/** Milliseconds since 1970, every second, from one timer for the whole page; null on the server and while hydrating. */
export function useNow(): number | null {
  return useSyncExternalStore<number | null>(subscribe, current, () => null);
}
