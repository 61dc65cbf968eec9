"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState, useTransition } from "react";

const refreshEveryMs = 500;

/**
 * `refresh` loads the page's data again: never two at once, at most one each `refreshEveryMs`, and none is forgotten.
 * `freshAt`: milliseconds since 1970 of the last time the data arrived; null while hydrating.
 */
export function useThrottledRefresh(): { refresh: () => void; freshAt: number | null } {
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
        // Without a network the router would leave the page for the browser's own error page.
        if (!navigator.onLine) return;
        now.running = true;
        now.last = Date.now();
        startTransition(() => router.refresh());
      },
      Math.max(0, now.last + refreshEveryMs - Date.now()),
    );
  }, [router]);

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
