"use client";
import { useEffect } from "react";

/** A person who does something keeps the session; pages that refresh by themselves do not. */
const renewEveryMs = 60_000;

/** Renews the session while it is being used, at most once a minute. */
export function SessionKeeper() {
  useEffect(() => {
    let renewedAt = Date.now();
    function renew() {
      if (Date.now() - renewedAt < renewEveryMs) return;
      renewedAt = Date.now();
      // Whether it still lives shows at the next page or action.
      fetch("/api/auth/session", { cache: "no-store" }).catch(() => {});
    }
    const kinds = ["pointerdown", "keydown", "scroll"] as const;
    for (const kind of kinds) window.addEventListener(kind, renew, { passive: true, capture: true });
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, renew, { capture: true });
    };
  }, []);
  return null;
}
