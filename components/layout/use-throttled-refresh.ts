"use client";
import { useRouter } from "next/navigation";
import { type RefObject, useCallback, useEffect, useRef, useState, useTransition } from "react";

const refreshEveryMs = 500;

/**
 * `reachable` says whether the console answers; without it a refresh is dropped, so ask again when it is back.
 * `refresh` loads the page's data again: never two at once, at most one each `refreshEveryMs`, and none is forgotten.
 * `freshAt`: milliseconds since 1970 of the last time the data arrived; null while hydrating.
 */
export function useThrottledRefresh(reachable: RefObject<boolean>): { refresh: () => void; freshAt: number | null } {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [freshAt, setFreshAt] = useState<number | null>(null);
  const state = useRef<{ timer: ReturnType<typeof setTimeout> | null; running: boolean; again: boolean; last: number }>(
    {
      timer: null,
      running: false,
      again: false,
      last: 0,
    },
  );

  const refresh = useCallback(() => {
    const now = state.current;
    if (now.running || now.timer !== null) {
      now.again = now.running;
      return;
    }
    now.timer = setTimeout(
      () => {
        now.timer = null;
        // With nobody to answer, the router would leave the page, and what is typed into it, for the browser's error page.
        if (!reachable.current) return;
        now.running = true;
        now.last = Date.now();
        startTransition(() => router.refresh());
      },
      Math.max(0, now.last + refreshEveryMs - Date.now()),
    );
  }, [router, reachable]);

  useEffect(() => {
    if (pending) return;
    const now = state.current;
    now.running = false;
    setFreshAt(Date.now());
    if (now.again) {
      now.again = false;
      refresh();
    }
  }, [pending, refresh]);

  useEffect(() => {
    const now = state.current;
    return () => {
      if (now.timer !== null) clearTimeout(now.timer);
      now.timer = null;
    };
  }, []);

  return { refresh, freshAt };
}
