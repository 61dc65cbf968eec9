"use client";
import { wallClock } from "#core/contract/wall-clock.ts";
import { formatRelative, formatSpan, formatTimestamp } from "./format.ts";
import { useNow } from "./use-now.ts";
import { useZone } from "./zone.tsx";

type TimeProps = {
  /** ISO 8601. */
  at: string;
  /**
   * absolute: `2026-11-22 18:04:22 UTC`, for tables of record. minute: `18:04`, day and minute: `11-22 18:04`, where a heading names the zone. relative: `2 min ago`. age: `2 min 5 s`.
   * countdown: `in 3 min 12 s`, `now` once it is past.
   */
  form?: "absolute" | "minute" | "day and minute" | "relative" | "age" | "countdown";
  /** Without the absolute time on hover and focus: inside a link, which has its own focus. */
  plain?: boolean;
};

/** A point in time; the absolute time with its zone shows on hover and focus. */
export function Time({ at, form = "absolute", plain = false }: TimeProps) {
  const now = useNow();
  const point = new Date(at);
  const zone = useZone();
  const absolute = formatTimestamp(point, zone);
  if (form === "absolute" || form === "minute" || form === "day and minute") {
    const shown = wallClock(point.getTime(), zone).replace("T", " ");
    return (
      <time dateTime={at} className="whitespace-nowrap">
        {form === "absolute" ? absolute : form === "minute" ? shown.slice(11, 16) : shown.slice(5, 16)}
      </time>
    );
  }
  // The server's words stand until the page's own clock runs: they may be a second off, hence suppressHydrationWarning.
  const moved = (
    <time dateTime={at} suppressHydrationWarning>
      {moving(form, point.getTime(), now ?? Date.now())}
    </time>
  );
  if (plain) return moved;
  return (
    // The absolute time must be reachable by keyboard, hence the tab stop.
    <span className="group relative whitespace-nowrap rounded-sm" tabIndex={0} role="note">
      {moved}
      <span className="absolute hidden start-0 bottom-full z-30 rounded-md border border-control bg-surface px-2 py-1 group-hover:block group-focus:block">
        {absolute}
      </span>
    </span>
  );
}

function moving(form: "relative" | "age" | "countdown", at: number, now: number): string {
  if (form === "age") return formatSpan(now - at);
  if (form === "relative") return formatRelative(at, now);
  return at <= now ? "now" : `in ${formatSpan(at - now)}`;
}
