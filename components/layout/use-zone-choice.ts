"use client";
import { useRouter } from "next/navigation";
import { useZone } from "#components/ui/zone.tsx";
import { zoneCookie } from "./zone.ts";

const yearSeconds = 31_536_000;

/** Whether times are shown by the browser's clocks, and the way to choose; the pages are drawn anew by the console, which must know the zone. */
export function useZoneChoice(): { zone: string; choose: (local: boolean) => void } {
  const router = useRouter();
  const zone = useZone();
  const choose = (local: boolean) => {
    const chosen = local ? browserZone() : "UTC";
    // biome-ignore lint/suspicious/noDocumentCookie: every browser has it, the Cookie Store API not yet.
    document.cookie = `${zoneCookie}=${encodeURIComponent(chosen)}; path=/; max-age=${yearSeconds}; samesite=lax`;
    router.refresh();
  };
  return { zone, choose };
}

export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
